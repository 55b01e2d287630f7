"""What the desk keeps of its people: which columns they chose for the table of cases, and on which case they are now."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseColumns(CityBase):
    """The columns of the table of cases that somebody chose: for the cases of one procedure, or, without one, for all others."""

    __tablename__ = "case_columns"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    procedure_key: Mapped[str] = mapped_column(primary_key=True, doc="empty: of cases of any procedure")
    columns: Mapped[list[Any]] = mapped_column(doc="keys of columns; `answer.` and the id of a question for an answer")


class CasePresence(CityBase):
    """Who has a case open, and whether they are writing. Rows count for less than a minute and go within minutes, see `presence`."""

    __tablename__ = "case_presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    writing: Mapped[bool]
    seen_at: Mapped[datetime] = mapped_column(index=True)
