"""Days on which a member of staff is away, and the colleague who stands in (代理).

Nothing moves: cases stay on the desk of who is away, and the deputy's list shows that desk beside the own one. So what comes in meanwhile is
seen by the deputy, and is there on the return.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Exists, exists, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.clock import today
from portal.core.text import date_ja
from portal.identity.models import Staff, StaffAbsence


@dataclass(frozen=True)
class Absence:
    """One absence with both names; `deputy` is empty once that account is closed."""

    id: int
    staff_id: int
    name: str
    deputy_id: int
    deputy: str
    first_day: date
    last_day: date

    @property
    def is_now(self) -> bool:
        """Whether it is today."""
        return self.first_day <= today() <= self.last_day

    @property
    def in_words(self) -> str:
        """Until when, and who stands in: as it is put behind the name."""
        return away_in_words(self.last_day, self.deputy)


def absences_of(session: Session, staff_id: int) -> list[Absence]:
    """Return the absences of somebody that have not ended, in their order."""
    return read_absences(session, StaffAbsence.staff_id == staff_id, StaffAbsence.last_day >= today())


def stands_in_for(session: Session, staff_id: int) -> list[Absence]:
    """Return the absences of today in which somebody stands in."""
    return read_absences(session, StaffAbsence.deputy_id == staff_id, *is_today())


def absences_today(session: Session) -> dict[int, Absence]:
    """Return who is away today, by id."""
    return {absence.staff_id: absence for absence in read_absences(session, *is_today())}


def away_in_words(last_day: date, deputy: str | None) -> str:
    """Until when somebody is away, and who stands in, if there is somebody."""
    until = f"{date_ja(last_day)}まで不在"
    return f"{until}・代理 {deputy}" if deputy else until


def is_today() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that an absence is today."""
    return StaffAbsence.first_day <= today(), StaffAbsence.last_day >= today()


def is_away(staff_id: SQLColumnExpression[int]) -> Exists:
    """Whether the person of a column is away today, as an expression for the statements of others."""
    return exists().where(StaffAbsence.staff_id == staff_id, *is_today())


def read_absences(session: Session, *criteria: ColumnElement[bool]) -> list[Absence]:
    """Return the absences that meet the criteria, in their order."""
    deputy = aliased(Staff)
    query = (
        select(StaffAbsence, Staff.name, deputy.name, deputy.active)
        .join(Staff, Staff.id == StaffAbsence.staff_id)
        .join(deputy, deputy.id == StaffAbsence.deputy_id)
        .where(*criteria)
        .order_by(StaffAbsence.first_day, StaffAbsence.id)
    )
    return [
        Absence(row.id, row.staff_id, name, row.deputy_id, other if active else "", row.first_day, row.last_day)
        for row, name, other, active in session.execute(query)
    ]
