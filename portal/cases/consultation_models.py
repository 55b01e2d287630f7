"""Other departments that are asked about a case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseConsultation(CityBase):
    """A stage of a case that another department does: open on its desk until it is done, passed over, or the case goes on."""

    __tablename__ = "case_consultation"
    __table_args__ = (
        Index("ix_case_consultation_open", "department_id", "asked_at", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
