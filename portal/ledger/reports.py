"""What the books say of a day or a month: sums by department, procedure, method or code, balances, and open items by age.

A closed month is read from its kept sums, an open one is added up from its postings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from portal.ledger.chart import ACCOUNTS, CODED, OPEN_ITEMS
from portal.ledger.models import JournalPosting, JournalTransaction, LedgerMonthBalance, LedgerOpenItem
from portal.ledger.months import closed_until, first_of_month, last_of_month

Grouping = Literal["department", "procedure", "method", "code"]
GROUPINGS: dict[Grouping, str] = {
    "department": "department_id",
    "procedure": "procedure_key",
    "method": "method",
    "code": "account_code",
}
AGES = (30, 90, 180)
"""Days after which an open item is in the next group."""
_AMOUNTS = ("raised", "waived", "received", "refunded", "fees", "paid_out")
_CASH = ("in_transit", "bank", "cash")


@dataclass(frozen=True)
class ReportLine:
    """One line of a report in whole yen: what was asked for (調定), what of it was waived (減免), what arrived, what went back, and what the city paid out.

    `key` is the department's id, the procedure's key, the method or the code; `count` how many postings it adds up.
    """

    key: Any
    raised: int
    waived: int
    received: int
    refunded: int
    fees: int
    paid_out: int
    count: int

    @property
    def net(self) -> int:
        """What is left of what arrived."""
        return self.received - self.refunded - self.fees


def report(session: Session, begin: date, end: date, by: Grouping) -> list[ReportLine]:
    """The lines of these days, in the order of their keys. A whole closed month is read from its kept sums."""
    sums = _source(session, begin, end).subquery("sums")
    key = getattr(sums.c, GROUPINGS[by])
    query = (
        select(
            key.label("key"),
            _sum(-sums.c.amount, sums.c.account == "revenue", sums.c.kind.in_(("charge_raised", "charge_reduced"))),
            _sum(sums.c.amount, sums.c.account == "waived"),
            _sum(sums.c.amount, sums.c.account.in_(_CASH), sums.c.kind == "payment_received"),
            _sum(-sums.c.amount, sums.c.account.in_(_CASH), sums.c.kind == "refund_paid"),
            _sum(sums.c.amount, sums.c.account == "provider_fee"),
            _sum(-sums.c.amount, sums.c.account == "bank", sums.c.kind == "payout_paid"),
            func.sum(sums.c.count),
        )
        .group_by(key)
        .order_by(key.nulls_last())
    )
    lines = [ReportLine(row[0], *map(int, row[1:])) for row in session.execute(query)]
    return [line for line in lines if any(getattr(line, name) for name in _AMOUNTS)]


def total_of(lines: Sequence[ReportLine]) -> ReportLine:
    """The sum of these lines."""
    return ReportLine(None, *(sum(getattr(line, name) for line in lines) for name in (*_AMOUNTS, "count")))


@dataclass(frozen=True)
class CodeLine:
    """What a code of the budget got in a period: asked for and called off, arrived and gone back; whole yen."""

    code: str
    account: str
    procedure_key: str
    fee: str
    department_id: int | None
    debit: int
    credit: int


def by_code(session: Session, begin: date, end: date) -> list[CodeLine]:
    """Revenue and expense of these days by code, procedure, fee and department, for the city's accounting."""
    sums = _source(session, begin, end).subquery("sums")
    dimensions = (sums.c.account_code, sums.c.account, sums.c.procedure_key, sums.c.fee, sums.c.department_id)
    query = (
        select(*dimensions, func.sum(sums.c.debit), func.sum(sums.c.credit))
        .where(sums.c.account.in_(CODED))
        .group_by(*dimensions)
        .having(
            or_(sums.c.account_code != "", func.sum(sums.c.amount) != 0)
        )  # what got its code later is not under none
        .order_by(*(column.nulls_last() for column in dimensions))
    )
    return [CodeLine(*row[:5], int(row[5]), int(row[6])) for row in session.execute(query)]


def balances(session: Session, until: date) -> dict[str, int]:
    """The balance of every account at the end of a day, above zero on the account's own side."""
    closed = closed_until(session)
    month_end = until if until == last_of_month(until) else first_of_month(until) - timedelta(1)
    kept = min(closed, month_end) if closed else None
    posted = select(JournalPosting.account, JournalPosting.amount.label("amount")).where(
        JournalPosting.booked_on <= until
    )
    amounts: list[Any] = [posted]
    if kept is not None:
        amount = (LedgerMonthBalance.debit - LedgerMonthBalance.credit).label("amount")
        of_months = select(LedgerMonthBalance.account, amount).where(LedgerMonthBalance.month <= kept)
        amounts = [posted.where(JournalPosting.booked_on > kept), of_months]
    everything = union_all(*amounts).subquery("everything")
    query = select(everything.c.account, func.sum(everything.c.amount)).group_by(everything.c.account)
    sums = {account: int(amount) for account, amount in session.execute(query)}
    return {name: account.sign * sums.get(name, 0) for name, account in ACCOUNTS.items()}


@dataclass(frozen=True)
class OpenItem:
    """An item that has not come to zero: how much on the account's own side, since when, and what it is about."""

    account: str
    item: str
    balance: int
    since: date
    case_id: int | None
    department_id: int | None
    procedure_key: str


@dataclass(frozen=True)
class AgeGroup:
    """Open items of one account that are `days` days old or older, but younger than the next group."""

    account: str
    days: int
    count: int
    balance: int


def open_items_by_age(session: Session, day: date) -> list[AgeGroup]:
    """How much is open in each account, by age on that day."""
    age = func.date_mi(day, LedgerOpenItem.since)
    days = case(*((age >= days, days) for days in reversed(AGES)), else_=0).label("days")
    aged = select(LedgerOpenItem.account, LedgerOpenItem.balance, days).subquery("aged")
    query = (
        select(aged.c.account, aged.c.days, func.count(), func.sum(aged.c.balance))
        .group_by(aged.c.account, aged.c.days)
        .order_by(aged.c.account, aged.c.days)
    )
    rows = [
        AgeGroup(name, days, count, ACCOUNTS[name].sign * int(amount))
        for name, days, count, amount in session.execute(query)
    ]
    return sorted(rows, key=lambda row: (OPEN_ITEMS.index(row.account), row.days))


def open_items(session: Session, account: str, *, limit: int = 200) -> list[OpenItem]:
    """The oldest open items of an account."""
    query = (
        select(LedgerOpenItem)
        .where(LedgerOpenItem.account == account)
        .order_by(LedgerOpenItem.since, LedgerOpenItem.item)
        .limit(limit)
    )
    sign = ACCOUNTS[account].sign
    return [
        OpenItem(
            row.account, row.item, sign * row.balance, row.since, row.case_id, row.department_id, row.procedure_key
        )
        for row in session.scalars(query)
    ]


@dataclass(frozen=True)
class JournalLine:
    """One posting with its transaction, for the journal of a day and its export."""

    transaction_id: int
    booked_on: date
    kind: str
    is_reversal: bool
    account: str
    amount: int
    item: str
    case_id: int | None
    department_id: int | None
    procedure_key: str
    fee: str
    method: str
    account_code: str
    provider_ref: str


def journal(session: Session, begin: date, end: date, *, limit: int | None = None) -> list[JournalLine]:
    """The postings of these days, those of the first `limit` transactions, day by day in the order in which they were booked."""
    chosen = (
        select(JournalTransaction.id, JournalTransaction.booked_on, JournalTransaction.reverses_id)
        .where(JournalTransaction.booked_on.between(begin, end))
        .order_by(JournalTransaction.booked_on, JournalTransaction.id)
        .limit(limit)
        .cte("chosen")
        .prefix_with(
            "MATERIALIZED"
        )  # the index by day gives them; else the whole journal is walked in the order of its numbers
    )
    query = (
        select(
            JournalPosting.transaction_id,
            JournalPosting.booked_on,
            JournalPosting.kind,
            chosen.c.reverses_id.is_not(None),
            JournalPosting.account,
            JournalPosting.amount,
            JournalPosting.item,
            JournalPosting.case_id,
            JournalPosting.department_id,
            JournalPosting.procedure_key,
            JournalPosting.fee,
            JournalPosting.method,
            JournalPosting.account_code,
            JournalPosting.provider_ref,
        )
        .join(chosen, chosen.c.id == JournalPosting.transaction_id)
        .order_by(chosen.c.booked_on, JournalPosting.transaction_id, JournalPosting.id)
    )
    return [JournalLine(*tuple(row)) for row in session.execute(query)]


def _sum(amount: ColumnElement[int], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount).filter(*conditions), 0)


def _source(session: Session, begin: date, end: date) -> Any:
    """The sums of these days: kept ones where they are whole closed months, else their postings."""
    closed = closed_until(session)
    if closed is not None and end <= closed and begin == first_of_month(begin) and end == last_of_month(end):
        kept = LedgerMonthBalance
        return select(
            kept.account,
            kept.kind,
            kept.department_id,
            kept.procedure_key,
            kept.fee,
            kept.method,
            kept.account_code,
            (kept.debit - kept.credit).label("amount"),
            kept.debit,
            kept.credit,
            kept.count,
        ).where(kept.month.between(begin, end))
    posting = JournalPosting
    dimensions = (
        posting.account,
        posting.kind,
        posting.department_id,
        posting.procedure_key,
        posting.fee,
        posting.method,
        posting.account_code,
    )
    return (
        select(
            *dimensions,
            func.sum(posting.amount).label("amount"),
            func.sum(func.greatest(posting.amount, 0)).label("debit"),
            func.sum(func.greatest(-posting.amount, 0)).label("credit"),
            func.count().label("count"),
        )
        .where(posting.booked_on.between(begin, end))
        .group_by(*dimensions)
    )
