"""What the books say of a day or a month: sums by department, procedure, method or code, balances, and open items by age.

What is over is read from sums that are kept, what came since is added up from its postings.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from portal.ledger.chart import ACCOUNTS, CODED, OPEN_ITEMS
from portal.ledger.kept_sums import SUMS, period
from portal.ledger.models import JournalPosting, JournalTransaction, LedgerOpenItem

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
_CASH = ("in_transit", "payer_funds", "bank", "cash")


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


def report(
    session: Session,
    begin: date,
    end: date,
    by: Grouping,
    *,
    departments: Collection[int] | None = None,
    procedure: str = "",
) -> list[ReportLine]:
    """The lines of these days, in the order of their keys: of the whole city, or of some departments and one procedure."""
    query = _report(by)
    if departments is not None:
        query = query.where(SUMS.c.department_id.in_(sorted(departments)))
    if procedure:
        query = query.where(SUMS.c.procedure_key == procedure)
    rows = session.execute(query, period(begin, end))
    lines = [ReportLine(row[0], *map(int, row[1:])) for row in rows]
    return [line for line in lines if any(getattr(line, name) for name in _AMOUNTS)]


@cache
def _report(by: Grouping) -> Select[Any]:
    sums, key = SUMS, SUMS.c[GROUPINGS[by]]
    return (
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


_OF_CODE = [SUMS.c[name] for name in ("account_code", "account", "procedure_key", "fee", "department_id")]
_BY_CODE = (
    select(*_OF_CODE, func.sum(SUMS.c.debit), func.sum(SUMS.c.credit))
    .where(SUMS.c.account.in_(CODED))
    .group_by(*_OF_CODE)
    .having(or_(SUMS.c.account_code != "", func.sum(SUMS.c.amount) != 0))  # what got its code later is not under none
    .order_by(*(column.nulls_last() for column in _OF_CODE))
)


def by_code(session: Session, begin: date, end: date) -> list[CodeLine]:
    """Revenue and expense of these days by code, procedure, fee and department, for the city's accounting."""
    return [CodeLine(*row[:5], int(row[5]), int(row[6])) for row in session.execute(_BY_CODE, period(begin, end))]


_BALANCES = select(SUMS.c.account, func.sum(SUMS.c.amount)).group_by(SUMS.c.account)


def balances(session: Session, until: date) -> dict[str, int]:
    """The balance of every account at the end of a day, above zero on the account's own side."""
    sums = {account: int(amount) for account, amount in session.execute(_BALANCES, period(None, until))}
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
