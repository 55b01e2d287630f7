"""Cases that are joined (統合): several people told the city of the same thing."""

from datetime import datetime

from sqlalchemy import Exists, ForeignKey, ScalarSelect, exists, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.models import CityBase

FOLLOW_LEAD = "cases.follow_lead"


class CaseJoin(CityBase):
    """A case that follows another one, its lead. A lead follows nobody."""

    __tablename__ = "case_join"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    joined_at: Mapped[datetime]


def leads(case_id: int) -> Exists:
    """Whether others follow a case, as an expression for a statement. Plan: `ix_case_join_lead_id`."""
    return exists().where(CaseJoin.lead_id == case_id)


def join_counts(case_id: int) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """How many follow a case, and the id of the one that it follows, as parts of a statement."""
    followers = select(func.count()).where(CaseJoin.lead_id == case_id).scalar_subquery()
    return followers, select(CaseJoin.lead_id).where(CaseJoin.case_id == case_id).scalar_subquery()


def is_joined(case_id: SQLColumnExpression[int]) -> Exists:
    """Whether the case of a column leads or follows, as an expression for a statement."""
    return exists().where(or_(CaseJoin.lead_id == case_id, CaseJoin.case_id == case_id))
