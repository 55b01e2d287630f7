"""Appointments: held while a draft is looked over, booked when it is sent, moved, given up, blocked by staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from portal.bookings.models import Appointment
from portal.bookings.place_holding import Holder, lock_ledger
from portal.core.clock import now


@dataclass(frozen=True)
class Time:
    """What is to be booked: one of the `counters` of a resource, from `start` to `end`, free again at `busy_until`."""

    resource: str
    counters: int
    start: datetime
    end: datetime
    busy_until: datetime


def book(session: Session, field: str, time: Time, holder: Holder, *, until: datetime | None) -> bool:
    """Book a time for a question's answer, until that moment if there is one; False where no counter is free.

    What the holder had for the same question is given up only if the new time is free.
    """
    lock_ledger(session, f"resource:{time.resource}")
    own = list(session.scalars(select(Appointment).where(_of(holder), Appointment.field == field)))
    same = next((mine for mine in own if mine.resource == time.resource and mine.starts_at == time.start), None)
    if same is not None and until is not None and same.expires_at is not None and same.expires_at > now():
        return True
    _forget_expired(session, time.resource)
    others = [entry for entry in _overlapping(session, time.resource, time.start, time.busy_until) if entry not in own]
    taken = {entry.lane for entry in others}
    lane = next((lane for lane in range(time.counters) if lane not in taken), None)
    if lane is None:
        return False
    for mine in own:
        session.delete(mine)
    session.flush()
    session.add(
        Appointment(
            resource=time.resource,
            lane=lane,
            during=Range(time.start, time.busy_until),
            starts_at=time.start,
            ends_at=time.end,
            field=field,
            draft_id=holder.draft_id,
            case_id=holder.case_id,
            expires_at=until,
            created_at=now(),
        )
    )
    session.flush()
    return True


def hand_over(session: Session, draft_id: int, case_id: int, fields: Iterable[str]) -> None:
    """Make the times that a draft booked for these questions those of its case."""
    names = set(fields)
    for entry in session.scalars(select(Appointment).where(Appointment.draft_id == draft_id)):
        if entry.field in names:
            entry.draft_id, entry.case_id, entry.expires_at = None, case_id, None
        else:
            session.delete(entry)
    session.flush()


def give_up(session: Session, holder: Holder, *, but: Iterable[str] = ()) -> None:
    """Give up the times of a holder, but those for these questions."""
    kept = set(but)
    for entry in session.scalars(select(Appointment).where(_of(holder))):
        if entry.field not in kept:
            session.delete(entry)
    session.flush()


def busy_lanes(
    session: Session, resource: str, first: datetime, last: datetime, holder: Holder
) -> list[tuple[int, datetime, datetime]]:
    """What is booked of a resource between two moments, as lane, first and last moment; the holder's own not counted."""
    query = select(Appointment).where(
        Appointment.resource == resource,
        Appointment.during.op("&&")(Range(first, last)),
        or_(Appointment.expires_at.is_(None), Appointment.expires_at > now()),
    )
    return [
        (entry.lane, entry.during.lower or first, entry.during.upper or last)
        for entry in session.scalars(query)
        if not (holder.draft_id is not None and entry.draft_id == holder.draft_id)
        if not (holder.case_id is not None and entry.case_id == holder.case_id)
    ]


def block(session: Session, resource: str, counters: int, start: datetime, end: datetime, staff_id: int) -> int:
    """Block a time at every counter that is free all through it; return at how many. What is booked stays booked."""
    lock_ledger(session, f"resource:{resource}")
    _forget_expired(session, resource)
    taken = {entry.lane for entry in _overlapping(session, resource, start, end)}
    lanes = [lane for lane in range(counters) if lane not in taken]
    session.add_all(
        Appointment(
            resource=resource,
            lane=lane,
            during=Range(start, end),
            starts_at=start,
            ends_at=end,
            field="",
            staff_id=staff_id,
            created_at=now(),
        )
        for lane in lanes
    )
    session.flush()
    return len(lanes)


def blocked_time(session: Session, appointment_id: int) -> Appointment | None:
    """A time that staff blocked; None for any other."""
    entry = session.get(Appointment, appointment_id)
    return entry if entry is not None and entry.staff_id is not None else None


def unblock(session: Session, appointment_id: int) -> None:
    """Give a blocked time free again."""
    session.execute(delete(Appointment).where(Appointment.id == appointment_id, Appointment.staff_id.is_not(None)))


def held_until(session: Session, holder: Holder) -> datetime | None:
    """Until when the first of a holder's times is held."""
    return min(
        (entry.expires_at for entry in session.scalars(select(Appointment).where(_of(holder))) if entry.expires_at),
        default=None,
    )


def appointments_of_case(session: Session, case_id: int) -> list[Appointment]:
    """The times of a case, in their order."""
    return list(
        session.scalars(select(Appointment).where(Appointment.case_id == case_id).order_by(Appointment.starts_at))
    )


def appointments_between(session: Session, first: datetime, last: datetime) -> list[Appointment]:
    """What begins between two moments and is booked by cases or blocked, in order."""
    query = select(Appointment).where(
        Appointment.starts_at >= first, Appointment.starts_at < last, Appointment.draft_id.is_(None)
    )
    return list(session.scalars(query.order_by(Appointment.starts_at, Appointment.resource, Appointment.lane)))


def to_remind(session: Session, first: datetime, last: datetime) -> Sequence[int]:
    """Mark the cases' appointments between two moments as reminded, and return the cases to write to."""
    entries = [
        entry
        for entry in appointments_between(session, first, last)
        if entry.case_id is not None and entry.reminded_at is None
    ]
    for entry in entries:
        entry.reminded_at = now()
    session.flush()
    return list(dict.fromkeys(entry.case_id for entry in entries if entry.case_id is not None))


def _of(holder: Holder) -> ColumnElement[bool]:
    if holder.case_id is not None:
        return Appointment.case_id == holder.case_id
    return Appointment.draft_id == holder.draft_id


def _overlapping(session: Session, resource: str, start: datetime, end: datetime) -> list[Appointment]:
    query = select(Appointment).where(Appointment.resource == resource, Appointment.during.op("&&")(Range(start, end)))
    return list(session.scalars(query))


def _forget_expired(session: Session, resource: str) -> None:
    over = and_(Appointment.resource == resource, Appointment.expires_at <= now())
    session.execute(delete(Appointment).where(over))
