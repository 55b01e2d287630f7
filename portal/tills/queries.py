"""Reading tills, their shifts and entries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import TOKYO
from portal.core.errors import NotFound
from portal.tills.models import Till, TillEntry, TillShift
from portal.tills.rules import Tally, expected_cash, tallies


@dataclass(frozen=True)
class ShiftReport:
    """What a shift took, paid back and has to hold (日計)."""

    till: Till
    shift: TillShift
    by_method: Mapping[str, Tally]
    expected: int


def get_till(session: Session, till_id: int) -> Till:
    """A till. Raises NotFound."""
    till = session.get(Till, till_id)
    if till is None:
        raise NotFound
    return till


def tills_of_departments(session: Session, departments: Collection[int]) -> list[tuple[Till, TillShift | None]]:
    """The tills of these departments, each with the shift that is running."""
    query = (
        select(Till, TillShift)
        .outerjoin(TillShift, (TillShift.till_id == Till.id) & (TillShift.status != "closed"))
        .where(Till.department_id.in_(departments))
        .order_by(Till.in_use.desc(), Till.department_id, Till.id)
    )
    return [(till, shift) for till, shift in session.execute(query)]


def count_open_tills(session: Session) -> int:
    """How many tills of the city have a shift that is not closed."""
    return session.scalar(select(func.count()).select_from(TillShift).where(TillShift.status != "closed")) or 0


def get_shift(session: Session, shift_id: int) -> tuple[Till, TillShift]:
    """A shift with its till. Raises NotFound."""
    row = session.execute(
        select(Till, TillShift).join(TillShift, TillShift.till_id == Till.id).where(TillShift.id == shift_id)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def open_shift(session: Session, till_id: int) -> TillShift | None:
    """The shift of a till that is running."""
    return session.scalar(select(TillShift).where(TillShift.till_id == till_id, TillShift.status != "closed"))


def get_entry(session: Session, entry_id: int) -> TillEntry:
    """An entry. Raises NotFound."""
    entry = session.get(TillEntry, entry_id)
    if entry is None:
        raise NotFound
    return entry


def orders_of_entries(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The order that each of these entries is for."""
    query = select(TillEntry.id, TillEntry.order_id).where(TillEntry.id.in_(ids))
    return dict(session.execute(query).all())


def entry_of_token(session: Session, token: str) -> TillEntry | None:
    """The entry that was made with this form."""
    return session.scalar(select(TillEntry).where(TillEntry.token == token))


def entries_of_shift(session: Session, shift_id: int) -> list[TillEntry]:
    """Everything entered in a shift, oldest first."""
    return list(session.scalars(select(TillEntry).where(TillEntry.shift_id == shift_id).order_by(TillEntry.id)))


def report_of_shift(session: Session, till: Till, shift: TillShift) -> ShiftReport:
    """What a shift took and paid back until now."""
    query = select(TillEntry.kind, TillEntry.method, TillEntry.amount).where(TillEntry.shift_id == shift.id)
    by_method = tallies((kind, method, amount) for kind, method, amount in session.execute(query))
    return ShiftReport(till, shift, by_method, expected_cash(shift.float_amount, by_method["cash"]))


def shifts_between(session: Session, first: date, last: date, departments: Collection[int]) -> Sequence[ShiftReport]:
    """The reports of the shifts of these departments that were opened on these days (Japan Standard Time), oldest first."""
    begin = datetime.combine(first, time(), TOKYO)
    end = datetime.combine(last, time(), TOKYO) + timedelta(days=1)
    query = (
        select(Till, TillShift)
        .join(TillShift, TillShift.till_id == Till.id)
        .where(Till.department_id.in_(departments), TillShift.opened_at >= begin, TillShift.opened_at < end)
        .order_by(TillShift.opened_at, TillShift.id)
    )
    rows = session.execute(query).all()
    entries: dict[int, list[tuple[str, str, int]]] = {}
    entered = select(TillEntry).where(TillEntry.shift_id.in_([shift.id for _till, shift in rows]))
    for entry in session.scalars(entered):
        entries.setdefault(entry.shift_id, []).append((entry.kind, entry.method, entry.amount))
    reports = []
    for till, shift in rows:
        by_method = tallies(entries.get(shift.id, ()))
        reports.append(ShiftReport(till, shift, by_method, expected_cash(shift.float_amount, by_method["cash"])))
    return reports
