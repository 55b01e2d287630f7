"""Refunds that are not approved, of which those concerned are told, and those that the provider could not make, transferred to a bank account
instead: payments know the refund, payouts the transfer."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from portal import payments, payouts
from portal.cases import mentions, notes
from portal.cases.messages import send_message
from portal.cases.models import Case
from portal.cases.moves import lock_case
from portal.core.access import StaffIdentity
from portal.core.errors import NotFound
from portal.core.events import SYSTEM, Actor
from portal.core.text import _, using_language
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


def reject_refund(session: Session, refund_id: int, staff: StaffIdentity, reason: str) -> None:
    """Reject a refund as the second person, or withdraw it as the first. Who asked for it finds that in their list; the applicant, who may
    have read on their page why money was to go back, reads there that it does not: a letter about it goes out only with the approval.
    Raises NotFound, Conflict if it was decided.
    """
    cases = [lock_case(session, payment.case_id) for payment in payments.payments_of_refund(session, refund_id)]
    refund = payments.reject_refund(session, refund_id, Actor("staff", staff.id, staff.name), reason)
    asked_by = refund.requested_by
    if asked_by is not None and asked_by != staff.id:
        body = f"{refund.amount:,}円の返金を承認しませんでした。" + (
            f"\n理由：{reason.strip()}" if reason.strip() else ""
        )
        mentions.write_to(session, cases[0], staff, asked_by, body[: notes.MAX_NOTE])
    for case in cases:
        if refund.grounds == "" and _was_told(session, case, refund_id):
            with using_language(case.language):
                words = _(
                    "市役所で確かめた結果、お返しするはずだったお金は、お返ししないことになりました。わからないことは、担当の課にお聞きください。"
                )
            send_message(session, case, SYSTEM, words, by_mail=False)


def _was_told(session: Session, case: Case, refund_id: int) -> bool:
    """Whether the applicant may have read of a refund: it is of what they were charged. Of money that came twice they hear otherwise."""
    of_charges = payments.refunds_by_charge(session, case.id).values()
    return any(part.refund_id == refund_id for parts in of_charges for part in parts)


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
