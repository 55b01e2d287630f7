"""Asking for money, deciding it against its budget, and taking it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor, record
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _
from portal.payouts import bookkeeping
from portal.payouts.budgets import BudgetOfYear, reserve
from portal.payouts.events import of_payout
from portal.payouts.models import Payout
from portal.payouts.rules import NEXT
from portal.payouts.zengin import account_fault


@dataclass(frozen=True)
class Request:
    """One line that a case asks for: its key, its words by language, whole yen, and the account that it goes to."""

    line: str
    words: Mapping[str, Any]
    requested: int
    account: Mapping[str, Any]


def ask_for(session: Session, case_id: int, department_id: int, requests: Sequence[Request]) -> None:
    """Keep what a case asks for. Lines that were not decided follow its answers; those that were stay as decided.

    The account of a line that has not left yet follows the answers as well.
    """
    rows = {row.line: row for row in open_payouts(session, case_id, lock=True)}
    for request in requests:
        row = rows.pop(request.line, None)
        if row is None:
            session.add(
                Payout(
                    case_id=case_id,
                    department_id=department_id,
                    line=request.line,
                    words=dict(request.words),
                    requested=request.requested,
                    account=dict(request.account),
                    status="requested",
                )
            )
        elif row.status == "requested":
            row.words, row.requested, row.account = dict(request.words), request.requested, dict(request.account)
        elif row.status in {"confirming", "decided", "failed"}:
            row.account = dict(request.account)
    for row in rows.values():
        if row.status == "requested":
            row.status = "withdrawn"
    session.flush()


def decide(
    session: Session,
    payout_id: int,
    amount: int,
    *,
    budget: BudgetOfYear | None,
    second_person_above: int | None,
    actor: Actor,
    procedure_key: str = "",
) -> Payout:
    """Decide how much is paid (交付決定), and reserve it in the budget of the year; the case's row must be locked.

    Above `second_person_above` yen it waits for somebody else. Raises Conflict when it was decided already or the budget does not
    reach, Invalid for more than was asked for.
    """
    row = _lock(session, payout_id)
    _must(row, "decided")
    if row.status != "requested":
        raise Conflict(_("この支払いは、もう決まっています。"))
    if not 0 <= amount <= row.requested:
        sentence = _("交付額は、0円から{most}円までにしてください。", most=f"{row.requested:,}")
        raise Invalid(sentence, {"amount": sentence})
    if budget is not None and amount:
        row.budget_id = reserve(session, budget, amount)
    row.amount, row.decided_by, row.decided_at = amount, actor.id, now()
    waits = second_person_above is not None and amount > second_person_above
    if not waits:
        bookkeeping.book_decision(session, row, procedure_key)
    record(
        session,
        of_payout(row.id, row.case_id),
        "payout.decided",
        actor,
        payout_id=row.id,
        requested=row.requested,
        amount=amount,
    )
    if waits:
        row.status = "confirming"
    else:
        _approve(session, row, actor)
    session.flush()
    return row


def repay(
    session: Session, case_id: int, department_id: int, request: Request, settles_item: str, actor: Actor
) -> Payout:
    """Transfer what the city owes already (還付) to an account that was typed in: it waits for somebody else, who compares the account.

    A second call for the same line takes another account, after one came back or was not confirmed. Raises Conflict while it waits or
    is under way, Invalid for an account that no file of transfers can say.
    """
    fault = account_fault(request.account, request.requested)
    if fault:
        raise Invalid(fault, {"account": fault})
    row = lock_row(
        session, Payout, Payout.case_id == case_id, Payout.line == request.line, Payout.status != "withdrawn"
    )
    if row is None:
        row = Payout(
            case_id=case_id,
            department_id=department_id,
            line=request.line,
            words=dict(request.words),
            requested=request.requested,
            settles_item=settles_item,
        )
        session.add(row)
    elif row.status not in {"requested", "failed"}:
        raise Conflict(_("この支払いは、もう決まっています。"))
    row.account, row.amount, row.status, row.batch_id = dict(request.account), request.requested, "confirming", None
    row.decided_by, row.decided_at, row.confirmed_by = actor.id, now(), None
    session.flush()
    record(session, of_payout(row.id, case_id), "payout.account_typed", actor, payout_id=row.id, amount=row.amount)
    return row


def repayments(session: Session, departments: Collection[int]) -> list[Payout]:
    """What is to be repaid in these departments and has not left for the bank, oldest first: it waits for an account or for a second person."""
    query = select(Payout).where(
        Payout.settles_item.is_not(None),
        Payout.status.in_(("requested", "confirming", "failed")),
        Payout.department_id.in_(departments),
    )
    return list(session.scalars(query.order_by(Payout.id)))


def confirm(session: Session, payout_id: int, actor: Actor, *, agrees: bool, procedure_key: str = "") -> Payout:
    """A second person's word on a decision. Raises Forbidden for the one who decided, Conflict when nothing waits."""
    row = _lock(session, payout_id)
    if row.status != "confirming":
        raise Conflict(_("この支払いは、もう決まっています。"))
    if row.decided_by == actor.id:
        raise Forbidden
    if agrees:
        row.confirmed_by = actor.id
        bookkeeping.book_decision(session, row, procedure_key)
        record(session, of_payout(row.id, row.case_id), "payout.confirmed", actor, payout_id=row.id, amount=row.amount)
        _approve(session, row, actor)
    else:
        row.status, row.amount, row.budget_id, row.decided_by = "requested", None, None, None
        record(session, of_payout(row.id, row.case_id), "payout.returned", actor, payout_id=row.id)
    session.flush()
    return row


def retry(session: Session, payout_id: int, actor: Actor) -> Payout:
    """Pay again what came back; to the account that the case has now."""
    row = _lock(session, payout_id)
    if row.status != "failed":
        raise Conflict(_("この支払いは、もう一度振り込めません。"))
    row.status, row.batch_id = "decided", None
    record(session, of_payout(row.id, row.case_id), "payout.retried", actor, payout_id=row.id)
    session.flush()
    return row


def withdraw_all(session: Session, case_id: int) -> None:
    """A case was refused or taken back: what has not left the city is not paid, and its budget is free again."""
    for row in open_payouts(session, case_id, lock=True):
        if "withdrawn" in NEXT[row.status]:
            row.status, row.budget_id = "withdrawn", None
            bookkeeping.book_withdrawal(session, row)
            record(session, of_payout(row.id, case_id), "payout.withdrawn", SYSTEM, payout_id=row.id)
    session.flush()


def open_payouts(session: Session, case_id: int, *, lock: bool = False) -> list[Payout]:
    """The payouts that a case asked for and that were not withdrawn, in their order; repayments are none of them."""
    which = Payout.case_id == case_id, Payout.status != "withdrawn", Payout.settles_item.is_(None)
    if lock:
        return list(lock_rows(session, Payout, *which, order_by=[Payout.id.asc()]))
    return list(session.scalars(select(Payout).where(*which).order_by(Payout.id)))


def _approve(session: Session, row: Payout, actor: Actor) -> None:
    row.status = "decided"
    record(session, of_payout(row.id, row.case_id), "payout.approved", actor, payout_id=row.id, amount=row.amount)


def _lock(session: Session, payout_id: int) -> Payout:
    row = lock_row(session, Payout, Payout.id == payout_id)
    if row is None:
        raise Conflict(_("この支払いは、もうありません。"))
    return row


def _must(row: Payout, status: str) -> None:
    if status not in NEXT[row.status]:
        raise Conflict(_("この支払いは、もう決まっています。"))
