"""Money that comes without the provider: paid at a counter of the city, or with a slip (納付書) at a bank.

It is an attempt at an order as any other, so an order is settled once: what comes a second time, by whichever way, goes back.
"""

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict, NotFound, Unavailable
from portal.core.events import Actor
from portal.core.text import _
from portal.payments import checkout, queries, rules
from portal.payments.baskets import gather_charges
from portal.payments.bookkeeping import book_reversed
from portal.payments.history import record_payment
from portal.payments.models import Order, OrderLine, PaymentAttempt, Refund
from portal.payments.payment_notes import write_note
from portal.payments.policy import offline_methods
from portal.payments.provider import InvalidApiKey, ProviderRejected
from portal.payments.refunds import publish_end
from portal.payments.sync import receive_offline, recompute_status

_IS_OVER = "この料金は、もう支払われているか、取り消されています。いまの状態を確かめてください。"
_NOT_REVERSIBLE = "この入金は、取り消せません。お返しするときは、返金してください。"
_NOT_TAKEN = "この支払い方法は、いま使えません。支払い方法の設定を確かめてください。"
_NOT_WAITING = "この返金は、窓口で支払う返金ではないか、もう済んでいます。"


@dataclass(frozen=True)
class OfflineMoney:
    """Money that came without the provider: how much, how (`rules.OFFLINE_METHODS`), and for a slip the bank's transfer that it came with."""

    amount: int
    method: str
    remitted_with: str = ""


def prepare_offline_order(city_key: str, charge_ids: Collection[int], *, next_path: str) -> int:
    """Return the id of the order in which exactly these charges are paid, and close the page at the provider where it could be paid too.

    Works in transactions of its own. When the provider does not answer, money is taken all the same: the page closes later, and what
    is still paid there goes back. Raises Conflict when one of the charges is paid, called off or in a basket that waits for a voucher,
    Unavailable when charges of several orders cannot be put together without the provider.
    """
    public_id = gather_charges(city_key, charge_ids, next_path=next_path)
    with city_session(city_key) as session:
        order = queries.order_by_public_id(session, public_id)
        live = queries.live_attempt(session, order.id)
        checkout_id = live.checkout_id if live else None
    if checkout_id is not None:
        with suppress(Unavailable, ProviderRejected, InvalidApiKey):  # who still pays there gets it back
            checkout.expire(city_key, order.id, checkout_id)
    return order.id


def take_at_counter(session: Session, order_id: int, money: OfflineMoney, actor: Actor) -> PaymentAttempt:
    """Take the money for an order at a counter. Raises Conflict unless exactly this is still to be paid, in a way that the city takes."""
    if money.method not in offline_methods(session):
        raise Conflict(_NOT_TAKEN)
    order = queries.lock_order(session, order_id)
    if not order.is_payable or order.amount != money.amount:
        raise Conflict(_(_IS_OVER))
    return _receive(session, order, money, actor)


def take_from_slip(session: Session, order_id: int, money: OfflineMoney, actor: Actor) -> PaymentAttempt:
    """Take money that a bank reports for a slip, whatever became of the order: another amount is reviewed, a second payment goes back."""
    return _receive(session, queries.lock_order(session, order_id), money, actor)


def reverse_at_counter(session: Session, attempt_id: int, reason: str, actor: Actor) -> PaymentAttempt:
    """Take back an entry that was made by mistake: the money never came, and is owed. The reason is stored encrypted.

    Raises NotFound, Conflict for what was not paid at a counter, does not count, or was refunded.
    """
    attempt = session.get(PaymentAttempt, attempt_id)
    if attempt is None:
        raise NotFound
    order = queries.lock_order(session, attempt.order_id)
    session.refresh(attempt)
    refunds = queries.refunds_of_order(session, order.id, attempt.id)
    is_refunded = any(refund.status not in rules.REFUND_VOID for refund in refunds)
    if attempt.method not in rules.COUNTER_METHODS or not attempt.settles or is_refunded:
        raise Conflict(_(_NOT_REVERSIBLE))
    attempt.status, attempt.settles = rules.forward_attempt(attempt.status, "reversed"), False
    method, order.paid_at, order.method, order.by_link = attempt.method, None, None, False
    order.version += 1
    session.flush()
    book_reversed(session, order, attempt)
    note_id = write_note(session, order.id, "reversal", reason, staff_id=actor.id)
    amount = attempt.received_amount
    record_payment(session, order, "payment.reversed", actor, amount=amount, method=method, note_id=note_id)
    recompute_status(session, order)
    return attempt


def pay_refund_at_counter(session: Session, refund_id: int, method: str, actor: Actor) -> Refund:
    """Pay an approved refund of money that the provider never had, in cash or at the card reader.

    Raises NotFound, Conflict for another refund, or one that was paid.
    """
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    order = queries.lock_order(session, refund.order_id)
    session.refresh(refund)
    paid_with = session.get_one(PaymentAttempt, refund.attempt_id).method
    if refund.status != "approved" or method != method_of_refund(paid_with):
        raise Conflict(_(_NOT_WAITING))
    refund.status, refund.paid_by = rules.forward_refund(refund.status, "succeeded"), method
    order.version += 1
    session.flush()
    publish_end(session, order, refund, "approved", actor)
    return refund


def refunds_for_counter(session: Session, order_ids: Collection[int] | None = None) -> list[tuple[Refund, str]]:
    """Return the refunds that wait to be paid at a counter (of these orders), the oldest first, each with how it is paid."""
    query = (
        select(Refund, PaymentAttempt.method)
        .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
        .where(Refund.status == "approved", PaymentAttempt.method.in_(rules.OFFLINE_METHODS))
        .order_by(Refund.id)
    )
    if order_ids is not None:
        query = query.where(Refund.order_id.in_(order_ids))
    return [(refund, method_of_refund(method) or "") for refund, method in session.execute(query)]


def method_of_refund(method: str | None) -> str | None:
    """How money that came so is paid back at a counter: what a card reader took goes back there, else it is cash. None: by the provider."""
    if method not in rules.OFFLINE_METHODS:
        return None
    return "card_reader" if method == "card_reader" else "cash"


def open_charges_of_order(session: Session, order_id: int) -> list[int]:
    """Return the ids of the charges that an order asked for and that are still to be paid, wherever they are paid now."""
    charges = select(OrderLine.charge_id).where(OrderLine.order_id == order_id)
    living = (
        select(OrderLine.charge_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.charge_id.in_(charges), OrderLine.living, Order.status.in_(rules.PAYABLE))
    )
    return list(session.scalars(living.order_by(OrderLine.charge_id)))


def _receive(session: Session, order: Order, money: OfflineMoney, actor: Actor) -> PaymentAttempt:
    latest = queries.latest_attempt(session, order.id)
    attempt = PaymentAttempt(
        order_id=order.id,
        number=latest.number + 1 if latest else 1,
        reference=f"{money.method}:{secrets.token_urlsafe(18)}",
        amount=order.amount,
        received=money.amount,
        methods=[],
        request={},
        status="paid",
        method=money.method,
        remitted_with=money.remitted_with,
        settles=False,
        reviewed=[],
        created_at=now(),
        read_at=now(),
    )
    session.add(attempt)
    session.flush()
    order.version += 1
    record_payment(session, order, "payment.entered", actor, amount=money.amount, method=money.method)
    receive_offline(session, order, attempt)
    return attempt
