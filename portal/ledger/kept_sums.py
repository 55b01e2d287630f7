"""Sums that are kept, so that no page adds up the whole journal: of closed months, and of days that are over.

What comes to a day after its sums were made is told by its number: transactions of a day are numbered in the order in which they took
the day's lock, and sums are made under that lock alone. So the kept sums and the postings numbered later are the whole at every moment.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import BigInteger, Text, func, select, text
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.ledger.models import (
    JournalTransaction,
    LedgerClosing,
    LedgerSummedDay,
)
from portal.ledger.months import first_of_month, last_of_month

SUMS = (
    text(
        """
        WITH closed AS (
            SELECT max(last_day) AS day FROM ledger_closing WHERE period = 'month' AND reopened_at IS NULL
        ), loose AS (
            SELECT greatest(CAST(:begin AS date), 1 + least(CAST(:whole_until AS date),
                coalesce(day, coalesce(CAST(:begin AS date), (SELECT min(booked_on) FROM journal_transaction)) - 1))) AS first_day
            FROM closed
        )
        SELECT account, kind, department_id, procedure_key, fee, method, account_code, debit - credit AS amount, debit, credit, count
        FROM ledger_month_balance CROSS JOIN closed
        WHERE month >= coalesce(CAST(:begin AS date), '-infinity') AND month <= least(closed.day, CAST(:whole_until AS date))
        UNION ALL
        SELECT account, kind, department_id, procedure_key, fee, method, account_code, debit - credit, debit, credit, count
        FROM ledger_day_balance CROSS JOIN loose WHERE day BETWEEN first_day AND CAST(:end AS date)
        UNION ALL
        SELECT later.*
        FROM loose CROSS JOIN generate_series(first_day, CAST(:end AS date), interval '1 day') AS each_day
        LEFT JOIN ledger_summed_day AS summed ON summed.day = CAST(each_day AS date)
        CROSS JOIN LATERAL (
            SELECT account, kind, department_id, procedure_key, fee, method, account_code, amount,
                greatest(amount, 0), greatest(-amount, 0), 1
            FROM journal_posting
            WHERE booked_on = CAST(each_day AS date) AND transaction_id > coalesce(last_transaction_id, 0)
            OFFSET 0
        ) AS later
        """
    )
    .columns(
        account=Text,
        kind=Text,
        department_id=BigInteger,
        procedure_key=Text,
        fee=Text,
        method=Text,
        account_code=Text,
        amount=BigInteger,
        debit=BigInteger,
        credit=BigInteger,
        count=BigInteger,
    )
    .subquery("sums")
)
"""What was booked in a `period`, in few rows: kept sums of whole closed months, of days after them, and the postings that came later.

It is one statement, so that a month which is closed or opened meanwhile is counted once. `loose` begins after the closed months; its days
are looked up one by one along the index (`OFFSET 0`), because the planner cannot know how few they are, and would read the whole journal.
"""
_TAKE = text(
    "SELECT bool_and(pg_try_advisory_xact_lock('journal_transaction'::regclass::oid::integer, day - date '2000-01-01'))"
    " FROM unnest(CAST(:days AS date[])) AS day"
)
_MONTH = text(
    """
    INSERT INTO ledger_month_balance
        (month, account, department_id, procedure_key, fee, method, account_code, kind, debit, credit, count)
    SELECT :begin, account, department_id, procedure_key, fee, method, account_code, kind,
        sum(greatest(amount, 0)), sum(greatest(-amount, 0)), count(*)
    FROM journal_posting WHERE booked_on BETWEEN :begin AND :end
    GROUP BY account, department_id, procedure_key, fee, method, account_code, kind
    """
)
_DAY = text(
    """
    INSERT INTO ledger_day_balance
        (day, account, department_id, procedure_key, fee, method, account_code, kind, debit, credit, count)
    SELECT :day, account, department_id, procedure_key, fee, method, account_code, kind,
        sum(greatest(amount, 0)), sum(greatest(-amount, 0)), count(*)
    FROM journal_posting WHERE booked_on = :day
        AND transaction_id > coalesce((SELECT last_transaction_id FROM ledger_summed_day WHERE day = :day), 0)
    GROUP BY account, department_id, procedure_key, fee, method, account_code, kind
    """
)
_SUMMED = text(
    """
    INSERT INTO ledger_summed_day (day, last_transaction_id)
    SELECT booked_on, max(id) FROM journal_transaction WHERE booked_on = :day GROUP BY booked_on
    ON CONFLICT (day) DO UPDATE SET last_transaction_id = excluded.last_transaction_id
    """
)
_CLOSED = (
    select(func.max(LedgerClosing.last_day))
    .where(LedgerClosing.period == "month", LedgerClosing.reopened_at.is_(None))
    .scalar_subquery()
)
"""The last day of the last closed month. Closed months follow one another from the first on."""
_FORGET_DAYS = (
    text("DELETE FROM ledger_day_balance WHERE day BETWEEN :begin AND :end"),
    text("DELETE FROM ledger_summed_day WHERE day BETWEEN :begin AND :end"),
)


def take_days(session: Session, days: Sequence[date]) -> bool:
    """Take the locks of these days for this transaction alone, unless somebody is posting on one of them; waits for nobody."""
    return bool(session.scalar(_TAKE, {"days": list(days)}))


def sum_month(session: Session, begin: date, end: date) -> None:
    """Keep the sums of a month whose books have just been closed, in place of those of its days."""
    for statement in (_MONTH, *_FORGET_DAYS):
        session.execute(statement, {"begin": begin, "end": end})


def drop_month(session: Session, begin: date) -> None:
    """Forget the sums of a month that is opened again."""
    session.execute(text("DELETE FROM ledger_month_balance WHERE month = :begin"), {"begin": begin})


def closed_until(session: Session) -> date | None:
    """The last day of the last closed month; None before the first closing of a month."""
    return session.scalar(select(_CLOSED))


def days_to_sum(session: Session) -> list[date]:
    """The days that are over, in months that are open, with postings that are in no sum yet."""
    query = (
        select(JournalTransaction.booked_on)
        .outerjoin(LedgerSummedDay, LedgerSummedDay.day == JournalTransaction.booked_on)
        .where(
            JournalTransaction.booked_on < today(),
            JournalTransaction.booked_on > func.coalesce(_CLOSED, date.min),
            JournalTransaction.id > func.coalesce(LedgerSummedDay.last_transaction_id, 0),
        )
    )
    return list(session.scalars(query.distinct().order_by(JournalTransaction.booked_on)))


def sum_day(session: Session, day: date) -> bool:
    """Keep the sums of what came to a day since they were made last; False while somebody posts on it, or when its month is closed."""
    closed = closed_until(session)
    if not take_days(session, [day]) or (closed is not None and day <= closed):
        return False
    for statement in (_DAY, _SUMMED):
        session.execute(statement, {"day": day})
    return True


def period(begin: date | None, end: date) -> dict[str, date | None]:
    """The values that a statement with `SUMS` takes: everything booked from `begin` (None: ever) until `end`."""
    if begin is not None and begin != first_of_month(begin):
        whole_until = begin - timedelta(1)  # no whole month
    else:
        whole_until = end if end == last_of_month(end) else first_of_month(end) - timedelta(1)
    return {"begin": begin, "end": end, "whole_until": whole_until}
