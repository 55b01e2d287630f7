"""Which code of the city's budget (款項目節) the fees of a procedure belong to, for each fiscal year."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.text import _
from portal.ledger.chart import CODED
from portal.ledger.events import BOOKS
from portal.ledger.journal import post
from portal.ledger.kept_sums import SUMS, period
from portal.ledger.models import LedgerAccountCode
from portal.ledger.rules import Item, Posting, Transaction

_CODE = re.compile(r"\d{1,3}(-\d{1,3}){3,4}")
"""款-項-目-節, and 細節 where the city has it."""
MAX_TITLE = 100


@dataclass(frozen=True)
class Fee:
    """A fee as the books know it: the procedure and the id of its line; `fee` is empty for every fee of the procedure."""

    procedure_key: str
    fee: str = ""


@dataclass(frozen=True)
class Uncoded:
    """Revenue or expense without a code, in whole yen."""

    procedure_key: str
    fee: str
    account: str
    amount: int


def account_codes(session: Session, year: int) -> dict[Fee, LedgerAccountCode]:
    """The codes of a fiscal year."""
    rows = session.scalars(select(LedgerAccountCode).where(LedgerAccountCode.fiscal_year == year))
    return {Fee(row.procedure_key, row.fee): row for row in rows}


_BOOKED_FEES = (
    select(SUMS.c.procedure_key, SUMS.c.fee)
    .where(SUMS.c.account.in_(CODED))
    .distinct()
    .order_by(SUMS.c.procedure_key, SUMS.c.fee)
)
_OF_FEE, _TOTAL = (SUMS.c.procedure_key, SUMS.c.fee, SUMS.c.account), func.sum(SUMS.c.amount)
_UNCODED = (
    select(*_OF_FEE, _TOTAL.label("amount"))
    .where(SUMS.c.account.in_(CODED), SUMS.c.account_code == "")
    .group_by(*_OF_FEE)
    .having(_TOTAL != 0)
    .order_by(*_OF_FEE)
)


def booked_fees(session: Session, begin: date, end: date) -> list[Fee]:
    """The fees with postings in these days, in their order."""
    return [Fee(row.procedure_key, row.fee) for row in session.execute(_BOOKED_FEES, period(begin, end))]


def uncoded(session: Session, begin: date, end: date) -> list[Uncoded]:
    """What was booked in these days without a code: open work before their month is closed."""
    rows = session.execute(_UNCODED, period(begin, end))
    return [Uncoded(row.procedure_key, row.fee, row.account, int(row.amount)) for row in rows]


def set_account_code(session: Session, fee: Fee, year: int, code: str, title: str, actor: Actor) -> int:
    """Say to which code a fee belongs in a fiscal year; what was booked in it on open days moves there. Return how many yen moved.

    Raises Invalid (fields `code`, `title`).
    """
    code, title = code.strip(), title.replace("\x00", "").strip()
    faults = {}
    if not _CODE.fullmatch(code):
        faults["code"] = _("款-項-目-節を、数字と「-」で書いてください。例 14-2-1-1")
    if not title or len(title) > MAX_TITLE:
        faults["title"] = _("予算書の名前を、{count}文字までで書いてください。", count=MAX_TITLE)
    if faults:
        raise Invalid(_("款項目節を確かめてください。"), faults)
    values = {"code": code, "title": title, "set_by": actor.id, "set_at": now()}
    key = {"procedure_key": fee.procedure_key, "fee": fee.fee, "fiscal_year": year}
    session.execute(
        insert(LedgerAccountCode).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
    )
    moved = _reclassify(session, fee, year, actor)
    record(
        session,
        BOOKS,
        "ledger.code_set",
        actor,
        procedure=fee.procedure_key,
        fee=fee.fee,
        fiscal_year=year,
        code=code,
        moved=moved,
    )
    return moved


_MISPLACED = text(
    """
    SELECT booked_on, account, kind, department_id, fee, method, account_code, wanted.code, sum(amount) AS amount
    FROM journal_posting, LATERAL (SELECT ledger_code_of(procedure_key, fee, booked_on) AS code) AS wanted
    WHERE account IN ('revenue', 'waived', 'payout_expense') AND procedure_key = :procedure_key AND (:fee = '' OR fee = :fee)
        AND booked_on >= make_date(:year, 4, 1) AND booked_on < make_date(:year + 1, 4, 1)
        AND account_code <> wanted.code AND NOT ledger_is_closed(booked_on)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(amount) <> 0
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    """
)


def _reclassify(session: Session, fee: Fee, year: int, actor: Actor) -> int:
    """Move what stands under another code on open days, day by day; return the yen moved."""
    session.flush()
    transactions = []
    values = {"procedure_key": fee.procedure_key, "fee": fee.fee, "year": year}
    for number, row in enumerate(session.execute(_MISPLACED, values)):
        place = {"department_id": row.department_id, "procedure_key": fee.procedure_key, "fee": row.fee}
        amount = int(row.amount)
        transactions.append(
            Transaction(
                kind="reclassified",
                cause=f"code:{fee.procedure_key}:{fee.fee}:{year}:{now().isoformat()}:{number}",
                postings=[
                    Posting(row.account, -amount, Item(**place, account_code=row.account_code), row.method),
                    Posting(row.account, amount, Item(**place, account_code=row.code), row.method),
                ],
                day=row.booked_on,
                occurred_at=now(),
                staff_id=actor.id,
                booked_as=row.kind,
            )
        )
    post(session, *transactions)
    return sum(transaction.total for transaction in transactions)
