"""Comparing the books with the provider's balance transactions and with the bank's statements, each in one pass of the database.

Every difference is kept with its cases until a comparison does not find it any more, or an accountant explains it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import local_date, now
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger.bank_matching import match_bank_lines, missing_at_bank, only_at_bank
from portal.ledger.models import JournalPosting, LedgerOpenItem
from portal.ledger.rules import CARD_READER
from portal.ledger.statement_models import LedgerDifference, ReconciliationRun

FEE_TYPES = ("stripe_fee", "network_cost")
"""Balance transactions that are a fee and nothing else: no movement of ours stands behind one."""
MAX_EXPLANATION = 1000


@dataclass(frozen=True)
class Difference:
    """One difference. `ours` and `theirs` are in whole yen, None where it is missing on that side."""

    kind: str
    reference: str
    ours: int | None
    theirs: int | None
    day: date | None
    case_ids: Sequence[int] = ()


def reconcile(
    session: Session, provider_transactions: Subquery, payer_funds: Subquery, *, imported_until: datetime
) -> ReconciliationRun:
    """Compare, keep what differs, and return the run.

    `provider_transactions` has the columns `entry_id`, `type`, `source_id`, `gross`, `net` and `created_at`. What was booked after
    `imported_until` may be missing from them. `payer_funds` is what the provider holds for payers who transferred: `reference` (as
    postings name it), `amount` in yen.
    """
    matched = match_bank_lines(session)
    differences = [
        *_at_provider(session, provider_transactions, imported_until),
        *_for_payers(session, payer_funds),
        *(Difference("not_at_bank", *row) for row in missing_at_bank(session)),
        *(Difference("only_at_bank", *row) for row in only_at_bank(session)),
        *_kept_sums(session),
    ]
    _keep(session, differences)
    count, balance = session.execute(
        select(func.count(), func.coalesce(func.sum(provider_transactions.c.net), 0))
    ).one()
    run = ReconciliationRun(
        at=now(),
        provider_count=count,
        provider_balance=int(balance),
        ledger_balance=_in_transit(session),
        bank_matched=matched,
        differences=len(differences),
    )
    session.add(run)
    session.flush()
    return run


def _at_provider(session: Session, transactions: Subquery, imported_until: datetime) -> list[Difference]:
    """Movements of which only one side knows, or which have other amounts."""
    reference = func.coalesce(transactions.c.source_id, transactions.c.entry_id)
    theirs = (
        select(reference.label("reference"), func.sum(transactions.c.gross).label("amount"))
        .where(transactions.c.type.not_in(FEE_TYPES))
        .group_by(reference)
        .subquery("theirs")
    )
    posting = JournalPosting
    ours = (
        select(
            posting.provider_ref.label("reference"),
            func.sum(posting.amount).label("amount"),
            func.max(posting.booked_on).label("day"),
            func.array_agg(posting.case_id).filter(posting.case_id.is_not(None)).label("case_ids"),
        )
        .where(posting.provider_ref != "", posting.account == "in_transit")
        .group_by(posting.provider_ref)
        .having(func.sum(posting.amount) != 0)
        .subquery("ours")
    )
    query = select(
        func.coalesce(ours.c.reference, theirs.c.reference), ours.c.amount, theirs.c.amount, ours.c.day, ours.c.case_ids
    ).select_from(ours.join(theirs, theirs.c.reference == ours.c.reference, full=True))
    differing = query.where(
        ours.c.amount.is_distinct_from(theirs.c.amount),
        func.coalesce(ours.c.amount, theirs.c.amount) != 0,
        or_(theirs.c.reference.is_not(None), ours.c.day < local_date(imported_until)),
    )
    kinds = {(True, False): "not_there", (False, True): "not_ours", (True, True): "amount"}
    return [
        Difference(
            kinds[ours_amount is not None, theirs_amount is not None],
            reference,
            None if ours_amount is None else int(ours_amount),
            None if theirs_amount is None else int(theirs_amount),
            day,
            sorted(set(case_ids or ())),
        )
        for reference, ours_amount, theirs_amount, day, case_ids in session.execute(differing)
    ]


def _for_payers(session: Session, held: Subquery) -> Iterable[Difference]:
    """Payers for whom the provider holds another sum than the books say."""
    posting = JournalPosting
    ours = (
        select(
            posting.provider_ref.label("reference"),
            func.sum(posting.amount).label("amount"),
            func.max(posting.booked_on).label("day"),
            func.array_agg(posting.case_id).filter(posting.case_id.is_not(None)).label("case_ids"),
        )
        .where(posting.account == "payer_funds")
        .group_by(posting.provider_ref)
        .subquery("ours_for_payers")
    )
    query = select(
        func.coalesce(ours.c.reference, held.c.reference), ours.c.amount, held.c.amount, ours.c.day, ours.c.case_ids
    ).select_from(ours.join(held, held.c.reference == ours.c.reference, full=True))
    differing = query.where(func.coalesce(ours.c.amount, 0) != func.coalesce(held.c.amount, 0))
    for reference, our_amount, their_amount, day, case_ids in session.execute(differing):
        yield Difference(
            "payer_funds", reference, _whole(our_amount), _whole(their_amount), day, sorted(set(case_ids or ()))
        )


_MONTH = text(
    """
    SELECT to_char(month, 'YYYY-MM') || ':' || account, kept, posted FROM (
        SELECT month, account, sum(debit - credit) AS kept FROM ledger_month_balance GROUP BY month, account
    ) AS kept FULL JOIN (
        SELECT date_trunc('month', booked_on)::date AS month, account, sum(amount) AS posted FROM journal_posting
        WHERE booked_on >= (SELECT max(month) FROM ledger_month_balance)
            AND booked_on < (SELECT max(month) + interval '1 month' FROM ledger_month_balance)
        GROUP BY 1, 2
    ) AS posted USING (month, account)
    WHERE kept IS DISTINCT FROM posted AND month = (SELECT max(month) FROM ledger_month_balance)
    """
)
_DAYS = text(
    """
    SELECT day || ':' || account, kept, posted FROM (
        SELECT day, account, sum(debit - credit) AS kept FROM ledger_day_balance GROUP BY day, account
    ) AS kept FULL JOIN (
        SELECT day, account, sum(amount) AS posted
        FROM ledger_summed_day JOIN journal_posting ON booked_on = day AND transaction_id <= last_transaction_id
        GROUP BY day, account
    ) AS posted USING (day, account)
    WHERE kept IS DISTINCT FROM posted
    """
)


def _kept_sums(session: Session) -> Iterable[Difference]:
    """Open items, and sums of the last closed month and of days, that are not the sum of their postings: nobody can make one through the portal."""
    posted = (
        select(JournalPosting.account, JournalPosting.item, func.sum(JournalPosting.amount).label("amount"))
        .where(
            JournalPosting.item != "",
            JournalPosting.account.in_(("receivable", "deposit", "refund_payable", "payout_payable", "disputed")),
        )
        .group_by(JournalPosting.account, JournalPosting.item)
        .having(func.sum(JournalPosting.amount) != 0)
        .subquery("posted")
    )
    kept = LedgerOpenItem.__table__.alias("kept")
    same = (posted.c.account == kept.c.account) & (posted.c.item == kept.c.item)
    reference = func.concat(
        func.coalesce(posted.c.account, kept.c.account), literal(":"), func.coalesce(posted.c.item, kept.c.item)
    )
    query = (
        select(reference, kept.c.balance, posted.c.amount)
        .select_from(posted.join(kept, same, full=True))
        .where(posted.c.amount.is_distinct_from(kept.c.balance))
    )
    for row in [row for differing in (query, _MONTH, _DAYS) for row in session.execute(differing)]:
        yield Difference("sums", row[0], _whole(row[1]), _whole(row[2]), None)


def _whole(amount: Any) -> int | None:
    return None if amount is None else int(amount)


def _in_transit(session: Session) -> int:
    query = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(
        JournalPosting.account == "in_transit", JournalPosting.provider != CARD_READER
    )
    return int(session.scalar(query) or 0)


def _keep(session: Session, differences: Sequence[Difference]) -> None:
    """Keep new differences, renew those that are still there, and end those that are gone."""
    at = now()
    values = [
        {
            "kind": difference.kind,
            "reference": difference.reference,
            "ours": difference.ours,
            "theirs": difference.theirs,
            "day": difference.day,
            "case_ids": list(difference.case_ids),
            "since": at,
            "seen_at": at,
        }
        for difference in differences
    ]
    for begin in range(0, len(values), _CHUNK):
        statement = insert(LedgerDifference).values(values[begin : begin + _CHUNK])
        new = statement.excluded
        changed = {name: new[name] for name in ("ours", "theirs", "day", "case_ids", "seen_at")}
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "reference"], index_where=LedgerDifference.gone_at.is_(None), set_=changed
            )
        )
    session.execute(
        update(LedgerDifference)
        .where(LedgerDifference.gone_at.is_(None), LedgerDifference.seen_at < at)
        .values(gone_at=at)
        .execution_options(synchronize_session=False)
    )


_CHUNK = 1_000


def open_differences(session: Session) -> list[LedgerDifference]:
    """The differences that are there and that nobody has explained, the oldest first."""
    query = select(LedgerDifference).where(LedgerDifference.gone_at.is_(None), LedgerDifference.explained_at.is_(None))
    return list(session.scalars(query.order_by(LedgerDifference.since, LedgerDifference.id).limit(_CHUNK)))


def explained_differences(session: Session, limit: int = 50) -> list[LedgerDifference]:
    """The newest explanations."""
    query = select(LedgerDifference).where(LedgerDifference.explained_at.is_not(None))
    return list(session.scalars(query.order_by(LedgerDifference.explained_at.desc()).limit(limit)))


def last_run(session: Session) -> ReconciliationRun | None:
    """The newest comparison."""
    return session.scalar(select(ReconciliationRun).order_by(ReconciliationRun.id.desc()).limit(1))


def explain_difference(session: Session, difference_id: int, explanation: str, actor: Actor) -> None:
    """Say why a difference is right as it is, so that it is no open work any more. Raises NotFound, Invalid (field `explanation`)."""
    difference = lock_row(session, LedgerDifference, LedgerDifference.id == difference_id)
    if difference is None:
        raise NotFound
    words = explanation.replace("\x00", "").strip()
    if not words or len(words) > MAX_EXPLANATION:
        sentence = _("ちがいの理由を、{count}文字までで書いてください。", count=MAX_EXPLANATION)
        raise Invalid(sentence, {"explanation": sentence})
    difference.explanation, difference.explained_by, difference.explained_at = words, actor.id, now()
    session.flush()
    amount = (difference.theirs or 0) - (difference.ours or 0)
    record(
        session,
        Subject("ledger_difference", difference.id),
        "ledger.difference_explained",
        actor,
        kind=difference.kind,
        reference=difference.reference,
        amount=amount,
    )
