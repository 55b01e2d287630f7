"""Fees and orders among themselves: asked for in one place, settled once, and what came too often went back."""

from collections.abc import Iterator

from portal.payments import Refund, rules
from portal.payments.models import PaymentAttempt
from tests.judge.chaos.checks.evidence import Evidence


def every_fee_is_asked_for_in_one_place(evidence: Evidence) -> Iterator[str]:
    """Each charge is in one living line, or in none once it was called off."""
    for charge in evidence.charges.values():
        homes = sum(line.living for line in evidence.lines[charge.id])
        if homes > 1 or (homes == 0 and charge.canceled_at is None):
            yield f"charge {charge.id} ({charge.status}) is in {homes} orders"


def every_fee_is_settled_at_most_once(evidence: Evidence) -> Iterator[str]:
    """One attempt of one order counts for a charge, and no more goes back than came."""
    done = {refund.id for refund in evidence.every_refund if refund.status == "succeeded"}
    settling = {order for order, tried in evidence.attempts.items() if any(each.settles for each in tried)}
    for charge in evidence.charges.values():
        times = sum(line.living and line.order_id in settling for line in evidence.lines[charge.id])
        if times > 1:
            yield f"charge {charge.id} is settled {times} times"
        back = sum(part.amount for part in evidence.parts.get(charge.id, ()) if part.refund_id in done)
        if not back == charge.given_back <= charge.received:
            yield f"charge {charge.id}: received {charge.received}, given back {charge.given_back}, by refunds {back}"


def orders_say_what_their_attempts_say(evidence: Evidence) -> Iterator[str]:
    """An order is paid when one attempt of it counts, for what that brought, spread over its charges."""
    for order in evidence.orders.values():
        tried = evidence.attempts.get(order.id, [])
        counting = [each for each in tried if each.settles]
        received = sum(each.received_amount for each in counting)
        charges = [evidence.charges[charge_id] for charge_id in evidence.living.get(order.id, [])]
        name = f"order {order.id} ({order.status})"
        if len(counting) > 1 or (
            (order.status in {"paid", "refunded"}) != bool(counting) and order.review_reason is None
        ):
            yield f"{name}: {len(counting)} attempts count"
        if not order.received == received == sum(charge.received for charge in charges):
            yield f"{name}: {order.received} received, {received} by attempts, {[charge.received for charge in charges]}"


def what_came_twice_goes_back(evidence: Evidence) -> Iterator[str]:
    """Money that does not count is given back in whole, is under review, or was decided about."""
    for attempt in evidence.every_attempt:
        if attempt.status != "paid" or attempt.settles or evidence.orders[attempt.order_id].review_reason:
            continue
        refunds = [each for each in evidence.refunds.get(attempt.order_id, []) if _is_of(each, attempt)]
        if attempt.reviewed and not refunds:  # settled outside the portal
            continue
        under_way = sum(each.amount for each in refunds if each.status not in rules.REFUND_VOID)
        open_tasks = sum(each.amount for each in refunds if each.status == "failed" and each.handled_at is None)
        if under_way + open_tasks != attempt.received_amount and not any(each.status == "canceled" for each in refunds):
            yield f"attempt {attempt.reference}: {attempt.received_amount} came, {under_way} goes back, {open_tasks} is a task"


def _is_of(refund: Refund, attempt: PaymentAttempt) -> bool:
    """Whether a refund is of the payment itself, and not of what was transferred beyond it."""
    return refund.attempt_id == attempt.id and refund.grounds != rules.SURPLUS_OF_TRANSFERS
