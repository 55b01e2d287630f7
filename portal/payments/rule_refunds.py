"""Refunds that follow from a rule: stored and booked under the lock of the order, decided before or to be decided by a person."""

import secrets
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.payments import queries, rules, task_names
from portal.payments.bookkeeping import book_refund_approved
from portal.payments.case_payments import Payment
from portal.payments.history import record_refund
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from portal.payments.payment_notes import write_note
from portal.payments.settlement import refundable_by_charge


def refund_by_rule(
    session: Session,
    order: Order,
    parts: Mapping[int, int],
    *,
    grounds: str,
    reason: str = "",
    decided_by: tuple[int | None, int | None] = (None, None),
) -> Refund:
    """Give back so many yen of each charge of a paid order, as those two people (one, both or none of them) have decided.

    `grounds` is the rule that it follows from (`rules.REFUND_GROUNDS`). The caller holds the order's lock. Raises what
    `refundable_attempt` and `refund_amount` raise.
    """
    refund = _by_rule(session, order, parts, "approved", grounds)
    refund.requested_by, refund.approved_by = decided_by
    keep_refund(session, order, refund, parts, reason, SYSTEM)
    book_refund_approved(session, order, refund, parts)
    enqueue_sending(session, refund)
    return refund


def propose_refund(session: Session, payment: Payment, parts: Mapping[int, int], grounds: str) -> Refund:
    """Propose to give back so many yen of each charge; people decide about it. Raises what `refund_by_rule` raises."""
    return propose_by_rule(session, queries.lock_order_of_case(session, payment.id), parts, grounds)


def propose_by_rule(session: Session, order: Order, parts: Mapping[int, int], grounds: str) -> Refund:
    """The same for an order whose lock the caller holds."""
    refund = _by_rule(session, order, parts, "requested", grounds)
    keep_refund(session, order, refund, parts, "", SYSTEM)
    return refund


def withdraw_proposals(session: Session, case_id: int, grounds: str) -> None:
    """Take back what was proposed on these grounds for a case and nobody has decided: it is worked out again. Locks the orders."""
    of_case = select(OrderLine.order_id).join(Charge, Charge.id == OrderLine.charge_id).where(Charge.case_id == case_id)
    waiting = Refund.status == "requested", Refund.grounds == grounds, Refund.order_id.in_(of_case)
    for refund in session.scalars(select(Refund).where(*waiting).order_by(Refund.order_id, Refund.id)).all():
        order = queries.lock_order_of_case(session, refund.order_id)
        session.refresh(refund)
        if refund.status == "requested":
            refund.status, refund.finished_at = "canceled", now()
            order.version += 1
            session.flush()
            record_refund(session, refund, "refund.rejected", SYSTEM)


def new_refund(order: Order, attempt: PaymentAttempt, amount: int, status: str, grounds: str = "") -> Refund:
    """Return a refund that is not stored yet."""
    return Refund(
        order_id=order.id,
        attempt_id=attempt.id,
        amount=amount,
        grounds=grounds,
        reference=new_reference(),
        status=status,
        created_at=now(),
    )


def new_reference() -> str:
    """Return a reference for a refund at the provider, which is its idempotency key too."""
    return f"refund:{secrets.token_urlsafe(18)}"


def keep_refund(
    session: Session, order: Order, refund: Refund, parts: Mapping[int, int], reason: str, actor: Actor
) -> None:
    """Store a refund with its lines and its sealed reason, and record it."""
    session.add(refund)
    order.version += 1
    session.flush()
    session.add_all(
        RefundLine(refund_id=refund.id, charge_id=charge_id, amount=part) for charge_id, part in parts.items()
    )
    note_id = write_note(session, order.id, "refund", reason, staff_id=refund.requested_by, refund_id=refund.id)
    record_refund(session, refund, "refund.requested", actor, note_id=note_id)


def refundable_attempt(session: Session, order: Order) -> PaymentAttempt:
    """Return the attempt that paid the order. Raises Conflict if nothing was paid, or while the payer disputes it."""
    settling = queries.settling_attempt(session, order.id)
    if settling is None:
        raise Conflict(_("支払いが済んでいないため、返金できません。"))
    refuse_while_contested(order)
    return settling


def refuse_while_contested(order: Order) -> None:
    """Raise Conflict while a cardholder disputes the payment: the provider holds the money."""
    if order.review_reason == "dispute":
        raise Conflict(_("カードの持ち主から異議が出ているため、返金できません。異議の結果が出てから決めてください。"))


def refund_amount(amount: int | None, refundable: int) -> int:
    """Return the yen to refund. Raises Conflict if nothing is left, Invalid (field `amount`) for too much."""
    if refundable == 0:
        raise Conflict(_("返金できる金額は、もうありません。"))
    chosen = refundable if amount is None else amount
    if not 0 < chosen <= refundable:
        message = _("返金は、1円から{most}円までにしてください。", most=f"{refundable:,}")
        raise Invalid(message, {"amount": message})
    return chosen


def enqueue_sending(session: Session, refund: Refund) -> None:
    """Have the provider pay it; money that it never had is paid back at a counter or by bank transfer."""
    if session.get_one(PaymentAttempt, refund.attempt_id).method in rules.OFFLINE_METHODS:
        return
    enqueue(session, task_names.SEND_REFUND, lock=f"payment:{refund.order_id}", refund_id=refund.id)


def _by_rule(session: Session, order: Order, parts: Mapping[int, int], status: str, grounds: str) -> Refund:
    settling, left = refundable_attempt(session, order), refundable_by_charge(session, order.id)
    for charge_id, part in parts.items():
        refund_amount(part, left.get(charge_id, 0))
    return new_refund(order, settling, sum(parts.values()), status, grounds)
