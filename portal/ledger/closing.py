"""Closing the books of days and months (締め), and opening them again by two people.

Who posts shares a lock on the day, so a closing waits for nobody: it takes the lock of every day at once or tries again. Its event
is recorded first, because whoever posts may hold the chain of events while it waits for the day.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import and_, func, insert, select, text
from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger.codes import uncoded
from portal.ledger.events import BOOKS, of_closing
from portal.ledger.kept_sums import closed_until, drop_month, sum_month, take_days
from portal.ledger.models import JournalTransaction, LedgerClosing
from portal.ledger.months import first_of_month, last_of_month

MAX_DAYS = 400
"""Days closed at once: a year and the month after it."""
MAX_REASON = 500
_TRIES = 40
_WAIT = text("SELECT pg_sleep(0.1)")

Result = TypeVar("Result")


class _Busy(Exception):
    """Somebody is posting on one of the days at this moment."""


def close_days(session: Session, until: date, actor: Actor) -> int:
    """Close every day that is open until that one, itself included; return how many. Nothing is booked on them any more.

    Raises Invalid for a day to come, Conflict when it is closed already or the books are in use all the time.
    """
    if until > today():
        sentence = _("まだ来ていない日は、締められません。")
        raise Invalid(sentence, {"until": sentence})

    def close() -> int:
        days = _open_days(session, until)
        if not days:
            raise Conflict(_("この日は、もう締めてあります。"))
        record(session, BOOKS, "ledger.closed", actor, period="day", first_day=f"{days[0]}", last_day=f"{until}")
        _take(session, days)
        _add(session, [("day", day, day) for day in days], actor)
        return len(days)

    return _when_quiet(session, close)


def close_month(session: Session, month: date, actor: Actor) -> None:
    """Close a month that is over, with the days of it that are still open, and keep its sums.

    Raises Conflict when an earlier month with bookings is open or revenue has no code (款項目節), Invalid for a month that is not over.
    """
    begin, end = first_of_month(month), last_of_month(month)
    if end >= today():
        sentence = _("まだ終わっていない月は、締められません。")
        raise Invalid(sentence, {"month": sentence})

    def close() -> None:
        _check_month(session, begin, end)
        record(session, BOOKS, "ledger.closed", actor, period="month", first_day=f"{begin}", last_day=f"{end}")
        days = [day for day in _days(begin, end) if not _is_closed(session, day)]
        _take(session, _days(begin, end))
        _add(session, [*(("day", day, day) for day in days), ("month", begin, end)], actor)
        sum_month(session, begin, end)

    _when_quiet(session, close)


def ask_to_reopen(session: Session, closing_id: int, reason: str, actor: Actor) -> None:
    """Ask for a closing to be opened again, as the first of two people; the reason is kept sealed.

    Raises Invalid without a reason, Conflict when it is open already, was asked for before, or a later closing stands on it.
    """
    closing = _lock(session, closing_id)
    words = reason.replace("\x00", "").strip()
    if not words or len(words) > MAX_REASON:
        sentence = _("締めを開ける理由を、{count}文字までで書いてください。", count=MAX_REASON)
        raise Invalid(sentence, {"reason": sentence})
    if closing.reopening_asked_by is not None:
        raise Conflict(_("この締めを開けることは、もう求められています。"))
    _check_reopening(session, closing)
    closing.reopening_asked_by, closing.reopening_asked_at = actor.id, now()
    closing.reopening_reason = words
    session.flush()
    _record(session, closing, "ledger.reopening_asked", actor)


def withdraw_reopening(session: Session, closing_id: int, actor: Actor) -> None:
    """Take back what was asked for, or refuse it: the books stay closed. Raises Conflict when nothing was asked for."""
    closing = _lock(session, closing_id)
    if closing.reopening_asked_by is None:
        raise Conflict(_("この締めを開ける求めは、もうありません。"))
    closing.reopening_asked_by = closing.reopening_asked_at = closing.reopening_reason = None
    session.flush()
    _record(session, closing, "ledger.reopening_withdrawn", actor)


def reopen(session: Session, closing_id: int, actor: Actor) -> None:
    """Open a closing again as the second person. Raises Forbidden for the one who asked, Conflict when nobody did."""
    closing = _lock(session, closing_id)
    if closing.reopening_asked_by is None:
        raise Conflict(_("この締めを開ける求めは、もうありません。"))
    if closing.reopening_asked_by == actor.id or actor.id is None:
        raise Forbidden(_("締めは、求めた人とは別の人が開けてください。"))
    _check_reopening(session, closing)
    closing.reopened_by, closing.reopened_at = actor.id, now()
    if closing.period == "month":
        drop_month(session, closing.first_day)
    session.flush()
    _record(session, closing, "ledger.reopened", actor)


def closings_since(session: Session, day: date) -> list[LedgerClosing]:
    """Every closing of that day and later, opened ones included, the newest first."""
    query = select(LedgerClosing).where(LedgerClosing.last_day >= day).order_by(LedgerClosing.id.desc())
    return list(session.scalars(query))


def waiting_reopenings(session: Session) -> list[LedgerClosing]:
    """Closings that somebody asks to open."""
    query = select(LedgerClosing).where(
        LedgerClosing.reopening_asked_by.is_not(None), LedgerClosing.reopened_at.is_(None)
    )
    return list(session.scalars(query))


def get_closing(session: Session, closing_id: int) -> LedgerClosing:
    """A closing, in force or opened again. Raises NotFound."""
    closing = session.get(LedgerClosing, closing_id)
    if closing is None:
        raise NotFound
    return closing


def closing_of(session: Session, period: str, first_day: date) -> LedgerClosing | None:
    """The closing in force of a day or month."""
    return session.scalar(
        select(LedgerClosing).where(
            LedgerClosing.period == period,
            LedgerClosing.first_day == first_day,
            LedgerClosing.reopened_at.is_(None),
        )
    )


def _when_quiet(session: Session, close: Callable[[], Result]) -> Result:
    """Close at a moment when nobody posts on those days. Raises Conflict when there is none."""
    for _attempt in range(_TRIES):
        try:
            with session.begin_nested():
                return close()
        except _Busy:
            session.execute(_WAIT)
    raise Conflict(_("帳簿に書き込んでいる処理があります。少し待ってから、もう一度締めてください。"))


def _take(session: Session, days: Sequence[date]) -> None:
    if not take_days(session, days):
        raise _Busy


def _add(session: Session, periods: Sequence[tuple[str, date, date]], actor: Actor) -> None:
    common = {"closed_by": actor.id, "closed_at": now()}
    session.execute(
        insert(LedgerClosing),
        [{"period": period, "first_day": first, "last_day": last, **common} for period, first, last in periods],
    )


def _open_days(session: Session, until: date) -> list[date]:
    """The days to close: from the first booking on an open day, or the day after the last closed one, until that day."""
    open_day = ~func.ledger_is_closed(JournalTransaction.booked_on)
    first_booking = session.scalar(
        select(func.min(JournalTransaction.booked_on)).where(
            JournalTransaction.booked_on > (closed_until(session) or date.min),
            JournalTransaction.booked_on <= until,
            open_day,
        )
    )
    last_closed = session.scalar(
        select(func.max(LedgerClosing.last_day)).where(
            LedgerClosing.reopened_at.is_(None), LedgerClosing.last_day < until
        )
    )
    begins = [
        until,
        *([first_booking] if first_booking else []),
        *([last_closed + timedelta(1)] if last_closed else []),
    ]
    days = _days(max(min(begins), until - timedelta(MAX_DAYS)), until)
    return [day for day in days if not _is_closed(session, day)]


def _days(begin: date, end: date) -> list[date]:
    return [begin + timedelta(number) for number in range((end - begin).days + 1)]


def _is_closed(session: Session, day: date) -> bool:
    return bool(session.scalar(select(func.ledger_is_closed(day))))


def _check_month(session: Session, begin: date, end: date) -> None:
    if closing_of(session, "month", begin) is not None:
        raise Conflict(_("この月は、もう締めてあります。"))
    before = session.scalar(
        select(func.min(JournalTransaction.booked_on)).where(
            JournalTransaction.booked_on < begin, JournalTransaction.booked_on > (closed_until(session) or date.min)
        )
    )
    if before is not None:
        raise Conflict(_("先に{year}年{month}月を締めてください。", year=before.year, month=before.month))
    if uncoded(session, begin, end):
        raise Conflict(_("款項目節が決まっていない歳入があります。決めてから、月を締めてください。"))


def _check_reopening(session: Session, closing: LedgerClosing) -> None:
    """Closed months stand on one another, and on their days."""
    if closing.reopened_at is not None:
        raise Conflict(_("この締めは、もう開いています。"))
    in_force = LedgerClosing.reopened_at.is_(None), LedgerClosing.period == "month", LedgerClosing.id != closing.id
    on_top = (
        LedgerClosing.first_day > closing.first_day
        if closing.period == "month"
        else and_(LedgerClosing.first_day <= closing.first_day, LedgerClosing.last_day >= closing.last_day)
    )
    if session.scalar(select(LedgerClosing.id).where(*in_force, on_top).limit(1)) is not None:
        raise Conflict(_("先に、あとの月の締めか、この日をふくむ月の締めを開けてください。"))


def _lock(session: Session, closing_id: int) -> LedgerClosing:
    closing = lock_row(session, LedgerClosing, LedgerClosing.id == closing_id)
    if closing is None:
        raise NotFound
    return closing


def _record(session: Session, closing: LedgerClosing, name: str, actor: Actor) -> None:
    record(session, of_closing(closing.id), name, actor, period=closing.period, first_day=f"{closing.first_day}")
