"""Payments under review: money that was received but cannot simply count as the order, and what a cashier can decide."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.payments import queries, rules
from portal.payments.disputes import dispute_of_order
from portal.payments.history import record_payment
from portal.payments.later_models import Dispute
from portal.payments.models import Order, PaymentAttempt, Refund
from portal.payments.payment_notes import write_note
from portal.payments.provider import CheckoutSnapshot
from portal.payments.provider_accounts import provider_for
from portal.payments.refunds import refund_attempt
from portal.payments.rest_of_orders import request_rest
from portal.payments.sync import close_review

_REVIEW_CLOSED = "この支払いの確認は、もう終わっています。"
_DECISION_NOT_OPEN = "この支払いでは、その方法を選べません。"


@dataclass(frozen=True)
class Review:
    """An order under review: why, the money in question, and which decisions are open (`rules.REVIEW_DECISIONS`).

    `pending_refund`: a refund of this money that a second person must still approve; until then nothing else is open. `dispute`: what the
    provider says of it; while it is open there is nothing to decide here.
    """

    order: Order
    reason: str
    attempt: PaymentAttempt | None
    decisions: tuple[str, ...]
    pending_refund: Refund | None
    dispute: Dispute | None = None

    @property
    def received(self) -> int | None:
        """Yen received; None when it was another currency, or nothing was received."""
        return self.attempt.received_amount if self.attempt is not None and self.reason != "currency" else None

    @property
    def missing(self) -> int:
        """Yen by which the received amount falls short."""
        return max(0, self.order.amount - self.received) if self.received is not None else 0


def review_of(session: Session, order: Order) -> Review | None:
    """Return what there is to decide about an order; None when it is not under review."""
    if order.status != "needs_review" or order.review_reason is None:
        return None
    attempt = _attempt_under_review(session, order)
    refunds = queries.refunds_of_attempt(session, attempt) if attempt else []
    pending_refund = next((refund for refund in refunds if refund.status == "requested"), None)
    received = attempt.received_amount if attempt is not None else None
    dispute = dispute_of_order(session, order.id) if order.review_reason == "dispute" else None
    decisions = (
        ()
        if pending_refund or (dispute and dispute.status == "open")
        else rules.review_decisions(order.review_reason, expected=order.amount, received=received)
    )
    return Review(order, order.review_reason, attempt, decisions, pending_refund, dispute)


def decide_review(
    session: Session,
    order_id: int,
    decision: str,
    actor: Actor,
    *,
    note: str = "",
    expected_version: int | None = None,
) -> Order:
    """Decide as a cashier about money under review; the note is stored encrypted.

    `accepted`: it counts as it is. `given_back`: all of it is refunded, by two people where the city demands four eyes; until
    the second has approved, the order stays under review. `difference`: it counts, and another order requests what is
    missing. `resolved`: settled outside the portal, which needs a note.

    Raises Conflict when somebody decided first (`expected_version` is the one that the decision was made on) or the decision is
    not open, Invalid (field `note`) without a reason where one is needed.
    """
    order = queries.lock_order(session, order_id, expected_version=expected_version)
    review = review_of(session, order)
    if review is None:
        raise Conflict(_(_REVIEW_CLOSED))
    if decision not in review.decisions:
        raise Conflict(_(_DECISION_NOT_OPEN))
    if decision == "resolved" and not note.strip():
        raise Invalid(_("理由を書いてください。"), {"note": _("どのように解決したかを書いてください。")})
    if decision == "given_back" and review.attempt is not None:
        refund = refund_attempt(session, order, review.attempt, None, note, actor=actor)
        if refund.status == "requested":
            return order
        note_id = None  # it belongs to the refund
    else:
        note_id = write_note(session, order.id, "review", note, staff_id=actor.id)
    record_payment(
        session,
        order,
        "payment.reviewed",
        actor,
        reason=review.reason,
        decision=decision,
        amount=review.received,
        note_id=note_id,
    )
    if decision == "difference":
        request_rest(session, order, review.received or 0, actor)
    close_review(session, order, review.attempt, decision)
    return order


def read_provider_record(city_key: str, order_id: int) -> CheckoutSnapshot | None:
    """Return what the provider reports now about the money under review; None when nothing was opened there.

    Works in a transaction of its own, which is closed before the provider is called. Raises ProviderUnavailable, ProviderRejected.
    """
    with city_session(city_key) as session:
        order = session.get_one(Order, order_id)
        attempt = _attempt_under_review(session, order) or queries.latest_attempt(session, order_id)
        if attempt is None or attempt.checkout_id is None:
            return None
        checkout_id, provider = attempt.checkout_id, provider_for(session, attempt)
    return provider.read_checkout(checkout_id)


def _attempt_under_review(session: Session, order: Order) -> PaymentAttempt | None:
    """Return the attempt with the oldest money that nobody has decided about; without any, the settling one (a dispute)."""
    paid = [attempt for attempt in queries.attempts_of_order(session, order.id) if attempt.status == "paid"]
    undecided = [attempt for attempt in paid if not attempt.settles and not attempt.reviewed]
    return next(iter(undecided), None) or next((attempt for attempt in paid if attempt.settles), None)
