"""How long cases are kept: holds that keep one longer, and the record of what was erased."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedText


class RetentionHold(CityBase):
    """A case that must not be erased when its time is over: a lawsuit, an audit, a request for disclosure. Reasons are sealed."""

    __tablename__ = "retention_hold"
    __table_args__ = (
        Index("uq_retention_hold_standing", "case_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(SealedText("retention_hold.reason"))
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(SealedText("retention_hold.lift_reason"))


class DeletionRecord(CityBase):
    """That the content of a case was erased: which, when, by which rule. It names no person and is never changed."""

    __tablename__ = "deletion_record"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[str]
    procedure_key: Mapped[str]
    version_id: Mapped[int]
    department_id: Mapped[int]
    state: Mapped[str] = mapped_column(doc="how the case ended")
    submitted_on: Mapped[date]
    closed_on: Mapped[date]
    retention_years: Mapped[int] = mapped_column(SmallInteger)
    kept_until: Mapped[date]
    erased_at: Mapped[datetime] = mapped_column(index=True)
    files: Mapped[int]
    messages: Mapped[int]
