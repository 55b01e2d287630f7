"""Posting to the journal: once for each cause, on an open day, in the caller's transaction. Corrections are reversals."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from portal.core.clock import local_date
from portal.core.errors import Conflict, NotFound
from portal.core.text import _
from portal.ledger.models import JournalPosting, JournalTransaction
from portal.ledger.rules import Item, Posting, Transaction, reversed_postings

_POST = text(
    """
    WITH given AS MATERIALIZED (
        SELECT given.*, ledger_booking_day(given.day) AS booked_on
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given(
            kind text, booked_kind text, cause text, day date, occurred_at timestamptz, staff_id bigint, reverses_id bigint, postings jsonb)
    ), added AS (
        INSERT INTO journal_transaction (kind, cause, booked_on, posting_count, reverses_id, staff_id, occurred_at)
        SELECT kind, cause, booked_on, jsonb_array_length(postings), reverses_id, staff_id, occurred_at FROM given
        ON CONFLICT (cause) DO NOTHING RETURNING id, cause, booked_on
    ), posted AS (
        INSERT INTO journal_posting (transaction_id, booked_on, kind, account, amount, item, case_id, order_id, department_id,
            procedure_key, fee, method, account_code, provider, provider_ref)
        SELECT added.id, added.booked_on, given.booked_kind, posting.account, posting.amount, posting.item, posting.case_id, posting.order_id,
            posting.department_id, posting.procedure_key, posting.fee, posting.method,
            CASE WHEN posting.account IN ('revenue', 'waived', 'payout_expense') AND given.kind <> 'reclassified'
                THEN coalesce(
                    nullif(ledger_code_of(posting.procedure_key, posting.fee, added.booked_on), ''), posting.account_code)
                ELSE posting.account_code END,
            posting.provider, posting.provider_ref
        FROM added JOIN given USING (cause) CROSS JOIN LATERAL jsonb_to_recordset(given.postings) AS posting(
            account text, amount bigint, item text, case_id bigint, order_id bigint, department_id bigint,
            procedure_key text, fee text, method text, account_code text, provider text, provider_ref text)
    )
    SELECT cause, id FROM added
    """
)
"""One statement, so that what happens often costs one round trip more. A day that is being closed is waited for. The code that
accountants set for a fee goes before the one that the posting brings."""


def post(session: Session, *transactions: Transaction) -> dict[str, int]:
    """Post movements; return the ids of those that were new by their cause. What was posted before stays as it is."""
    return _post(session, [_given(transaction) for transaction in transactions])


def reverse(session: Session, transaction_id: int, *, at: datetime, staff_id: int | None = None) -> int:
    """Post the opposite of a transaction and return its id. Raises NotFound, Conflict when it was reversed before or is a reversal."""
    original = session.get(JournalTransaction, transaction_id)
    if original is None:
        raise NotFound
    if original.reverses_id is not None:
        raise Conflict(_("取り消しの仕訳は、取り消せません。"))
    added = reverse_causes(session, [original.cause], at=at, staff_id=staff_id)
    if not added:
        raise Conflict(_("この仕訳は、もう取り消されています。"))
    return added[0]


def reverse_causes(session: Session, causes: Iterable[str], *, at: datetime, staff_id: int | None = None) -> list[int]:
    """Reverse what was posted for these causes, unless it was reversed before; return the ids of the reversals."""
    which = JournalTransaction.cause.in_(list(causes)), JournalTransaction.reverses_id.is_(None)
    originals = session.scalars(select(JournalTransaction).where(*which).order_by(JournalTransaction.id)).all()
    postings: dict[int, list[Posting]] = {original.id: [] for original in originals}
    kinds: dict[int, str] = {}
    query = select(JournalPosting).where(JournalPosting.transaction_id.in_(postings)).order_by(JournalPosting.id)
    for row in session.scalars(query) if postings else ():
        postings[row.transaction_id].append(_posting(row))
        kinds[row.transaction_id] = row.kind
    reversals = [
        _given(
            Transaction(
                kind="reversal",
                cause=f"reversal:{original.cause}",
                postings=reversed_postings(postings[original.id]),
                day=local_date(at),
                occurred_at=at,
                staff_id=staff_id,
                booked_as=kinds[original.id],
            ),
            reverses_id=original.id,
        )
        for original in originals
    ]
    return list(_post(session, reversals).values())


def posted_causes(session: Session, prefix: str) -> dict[str, bool]:
    """The causes that begin so (no signs of a pattern in it) and were posted; each with whether it was reversed."""
    reversal = aliased(JournalTransaction)
    query = (
        select(JournalTransaction.cause, reversal.id.is_not(None).label("is_reversed"))
        .outerjoin(reversal, reversal.reverses_id == JournalTransaction.id)
        .where(JournalTransaction.cause >= prefix, JournalTransaction.cause < prefix + "\U0010ffff")
        .where(JournalTransaction.reverses_id.is_(None))
    )
    return {row.cause: row.is_reversed for row in session.execute(query)}


def balance_of_item(session: Session, account: str, item: str) -> int:
    """Yen of an item in an account: debits above zero, credits below."""
    query = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(
        JournalPosting.item == item, JournalPosting.item != "", JournalPosting.account == account
    )
    return int(session.scalar(query) or 0)


def _post(session: Session, given: Sequence[dict[str, Any]]) -> dict[str, int]:
    if not given:
        return {}
    in_order = sorted(given, key=lambda each: str(each["day"]))  # as whoever closes several days takes them
    added = session.execute(_POST, {"given": json.dumps(in_order)}).all()
    return {row.cause: row.id for row in added}


def _given(transaction: Transaction, reverses_id: int | None = None) -> dict[str, Any]:
    return {
        "kind": transaction.kind,
        "booked_kind": transaction.booked_as or transaction.kind,
        "cause": transaction.cause,
        "day": transaction.day.isoformat(),
        "occurred_at": transaction.occurred_at.isoformat(),
        "staff_id": transaction.staff_id,
        "reverses_id": reverses_id,
        "postings": [_line(posting) for posting in transaction.postings],
    }


def _line(posting: Posting) -> dict[str, Any]:
    item = asdict(posting.item)
    return item | {
        "item": item["key"],
        "account": posting.account,
        "amount": posting.amount,
        "method": posting.method,
        "provider": posting.provider,
        "provider_ref": posting.provider_ref,
    }


def _posting(row: JournalPosting) -> Posting:
    item = Item(
        key=row.item,
        case_id=row.case_id,
        order_id=row.order_id,
        department_id=row.department_id,
        procedure_key=row.procedure_key,
        fee=row.fee,
        account_code=row.account_code,
    )
    return Posting(row.account, row.amount, item, row.method, row.provider, row.provider_ref)
