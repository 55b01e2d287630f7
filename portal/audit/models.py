"""What checking the chain of events showed, each time, and how far a check is that somebody waits for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class AuditCheck(CityBase):
    """One walk along the chain. Rows are only ever added."""

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    checked_at: Mapped[datetime]
    events: Mapped[int] = mapped_column(doc="how many events were followed, up to the end or to the fault")
    head: Mapped[bytes] = mapped_column(LargeBinary, doc="hash of the last of them")
    fault: Mapped[str | None] = mapped_column(
        doc="what is wrong, in English for operators; none when the chain is whole"
    )


UNDER_WAY = ("waiting", "walking")


class AuditRun(CityBase):
    """A walk that somebody asked for, while the worker is at it and afterwards; `lost` when no worker went on with it."""

    __tablename__ = "audit_run"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'walking', 'done', 'lost')", name="state"),
        Index(
            "uq_audit_run_under_way",
            text("(true)"),
            unique=True,
            postgresql_where=text("state IN ('waiting', 'walking')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    state: Mapped[str]
    last_event: Mapped[int] = mapped_column(doc="number of the newest event when it was asked for")
    reached: Mapped[int] = mapped_column(server_default="0", doc="number of the event that the walk has come to")
    moved_at: Mapped[datetime] = mapped_column(doc="when it was asked for, or was last seen going on")
    check_id: Mapped[int | None] = mapped_column(ForeignKey("audit_check.id"), doc="what it showed")

    @property
    def is_under_way(self) -> bool:
        """Whether the worker still has it before it, or is at it."""
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        """How much of the way is done."""
        return min(100, 100 * self.reached // self.last_event) if self.last_event else 0
