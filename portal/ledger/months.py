"""Sums of closed months. Closed months always follow one another from the first on, so what comes after the last is added up."""

import calendar
from datetime import date

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerClosing, LedgerMonthBalance

_SUM = text(
    """
    INSERT INTO ledger_month_balance
        (month, account, department_id, procedure_key, fee, method, account_code, kind, debit, credit, count)
    SELECT :begin, account, department_id, procedure_key, fee, method, account_code, kind,
        sum(greatest(amount, 0)), sum(greatest(-amount, 0)), count(*)
    FROM journal_posting WHERE booked_on BETWEEN :begin AND :end
    GROUP BY account, department_id, procedure_key, fee, method, account_code, kind
    """
)


def first_of_month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def sum_month(session: Session, begin: date, end: date) -> None:
    """Keep the sums of a month whose books have just been closed."""
    session.execute(_SUM, {"begin": begin, "end": end})


def drop_month(session: Session, begin: date) -> None:
    """Forget the sums of a month that is opened again."""
    session.execute(delete(LedgerMonthBalance).where(LedgerMonthBalance.month == begin))


def closed_until(session: Session) -> date | None:
    """The last day of the last closed month; None before the first closing of a month."""
    which = LedgerClosing.period == "month", LedgerClosing.reopened_at.is_(None)
    return session.scalar(select(func.max(LedgerClosing.last_day)).where(*which))
