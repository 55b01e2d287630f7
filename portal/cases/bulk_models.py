"""Cases that somebody acts on together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText

ACTS = ("assign", "message", "accept", "transfer")
STATES = ("chosen", "running", "done", "undoing", "undone", "stopped")
OUTCOMES = ("waiting", "done", "left_out", "undone", "kept")
"""Of one case: to be acted on; acted on; left out; taken back; not taken back, because it has gone on since."""


class BulkAction(CityBase):
    """Cases that a member of staff chose to act on together, and what was done with them. Forgotten after a month."""

    __tablename__ = "bulk_action"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        CheckConstraint("act IN ({})".format(", ".join(f"'{act}'" for act in ACTS)), name="act"),
        CheckConstraint("state = 'chosen' OR act IS NOT NULL", name="begun"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(server_default="chosen")
    act: Mapped[str | None] = mapped_column(
        doc="while chosen: what would be done, once somebody asked to read it once more"
    )
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="none: on nobody's desk")
    to_department: Mapped[int | None] = mapped_column(doc="the department that is to have the cases")
    body: Mapped[str] = mapped_column(
        SealedText("bulk_action.body"), server_default="", doc="the message or the reason, until it is written to all"
    )
    chosen_at: Mapped[datetime] = mapped_column(index=True)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class BulkCase(CityBase):
    """One of the cases, as it was when it was chosen, and what became of it."""

    __tablename__ = "bulk_case"
    __table_args__ = (
        CheckConstraint("outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in OUTCOMES)), name="outcome"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_action.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, doc="in the order of the list, from 1")
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    seen_assignee: Mapped[int | None] = mapped_column(doc="on whose desk it was")
    seen_version: Mapped[int] = mapped_column(doc="the case's `lock_version`")
    outcome: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    reason: Mapped[str | None] = mapped_column(doc="why it was left out or kept, see `bulk_rules`")
