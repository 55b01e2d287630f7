"""Refunds that the provider could not make, transferred to a bank account instead: payments know the refund, payouts the transfer."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from portal import payments, payouts
from portal.cases.models import Case
from portal.core.errors import NotFound
from portal.core.events import Actor
from portal.payouts import Payout

_LINE: Final = "refund:"
"""What the line of such a payout begins with; the refund's id follows. The books know the refund by the same key."""
_WORDS: Final = {"label": {"ja": "返金", "en": "Refund"}, "explanation": {}}


def transfer_refund(session: Session, refund_id: int, account: Mapping[str, Any], actor: Actor) -> None:
    """Give a failed refund back by bank transfer; a second person compares the account before it leaves.

    Raises NotFound, Conflict when somebody has taken it on, Invalid for an account that cannot be transferred to.
    """
    (payment, *_others) = payments.payments_of_refund(session, refund_id)
    refund = payments.begin_transfer(session, refund_id, actor)
    case = session.get_one(Case, payment.case_id)
    request = payouts.Request(f"{_LINE}{refund.id}", _WORDS, refund.amount, account)
    payouts.repay(session, case.id, case.department_id, request, request.line, actor)


def retype_account(
    session: Session, payout_id: int, account: Mapping[str, Any], actor: Actor, departments: Collection[int]
) -> None:
    """Take another account for a repayment that came back or was not confirmed. Raises what `transfer_refund` raises."""
    row = _repayment(session, payout_id, departments)
    request = payouts.Request(row.line, row.words, row.requested, account)
    payouts.repay(session, row.case_id, row.department_id, request, row.line, actor)


def confirm_repayment(
    session: Session, payout_id: int, actor: Actor, departments: Collection[int], *, agrees: bool
) -> None:
    """A second person's word on the account of a repayment. Raises Forbidden for the one who typed it, NotFound, Conflict."""
    payouts.confirm(session, _repayment(session, payout_id, departments).id, actor, agrees=agrees)


def record_transfers(
    session: Session, batch_id: int, failed: Collection[int], actor: Actor, departments: Collection[int]
) -> None:
    """Record what the bank made of a file of transfers; refunds that were in it have reached their payers."""
    for row in payouts.record_results(session, batch_id, failed, actor, departments):
        if row.settles_item is not None and row.status == "paid":
            payments.confirm_transfer(session, int(row.line.removeprefix(_LINE)))


def _repayment(session: Session, payout_id: int, departments: Collection[int]) -> Payout:
    waiting = payouts.repayments(session, departments)
    row = next((row for row in waiting if row.id == payout_id), None)
    if row is None:
        raise NotFound
    return row
