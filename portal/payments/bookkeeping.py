"""What charges, payments and refunds leave in the city's books, in the transaction in which they happen.

Every yen is booked under the key of the charge that it is for, so each charge comes to zero once it is paid or called off. Each movement
has a cause of its own: booking it again changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.events import Actor
from portal.ledger import CARD_READER, Channel, Item, Transaction, movements, post, reverse_causes
from portal.payments import rules
from portal.payments.case_payments import payments_of_order
from portal.payments.gateway import PROVIDER
from portal.payments.models import Charge, Order, PaymentAttempt, Refund
from portal.payments.provider import Arrival
from portal.payments.rules import BANK_TRANSFER


def book_raised(session: Session, charges: Iterable[Charge]) -> None:
    """Charges arose."""
    post(session, *(_raised(charge, charge.amount, "raised") for charge in charges))


def book_called_off(session: Session, charges: Iterable[Charge]) -> None:
    """Charges are not owed any more."""
    post(session, *(_reduced(charge, charge.due, "canceled") for charge in charges))


def book_received(session: Session, order: Order, attempt: PaymentAttempt, *, counts: bool) -> None:
    """An attempt's money arrived; unless it `counts` for its order, the city only holds it."""
    channel = _channel(attempt, attempt.charge_id)
    post(
        session,
        *(
            movements.payment_received(
                item_of(charge),
                share,
                channel,
                cause=f"attempt:{attempt.id}:received:{charge.id}",
                at=attempt.read_at or now(),
                counts=counts,
            )
            for charge, share in _shares(session, order, attempt.received_amount)
        ),
    )


def book_transfer_arrived(session: Session, order: Order, attempt: PaymentAttempt, arrival: Arrival) -> None:
    """A payer's transfer arrived at the provider, which holds it for them."""
    item, cause = _item_of_transfer(session, order, attempt), f"arrival:{arrival.entry_id}"
    funds = _funds(attempt)
    post(session, movements.transfer_arrived(item, arrival.amount, funds, cause=cause, at=arrival.arrived_at))


def book_transfer_applied(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """The provider made the payment of what had arrived; `book_received` books the payment itself."""
    item, cause = _item_of_transfer(session, order, attempt), f"attempt:{attempt.id}:applied"
    at, amount = attempt.read_at or now(), attempt.received_amount
    post(session, movements.transfer_applied(item, amount, _funds(attempt), cause=cause, at=at))


def book_counted(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Money that the city held counts after all: what it falls short is not owed any more, what is too much is."""
    post(session, *_counted(session, order, attempt))


def book_refund_approved(
    session: Session, order: Order, refund: Refund, parts: Mapping[int, int], *, at: datetime | None = None
) -> None:
    """Money is to go back (`at` a moment, else now): of the charges that the refund names, or of what never counted."""
    if refund.grounds == rules.SURPLUS_OF_TRANSFERS:
        _book_surplus_approved(session, order, refund, at or now())
        return
    charges = {charge.id: charge for charge in _charges(session, order)}
    shares = [(charges[charge_id], part) for charge_id, part in parts.items()]
    post(
        session,
        *(
            movements.refund_approved(
                item_of(charge),
                _item_of_refund(refund, charge),
                share,
                cause=f"refund:{refund.id}:approved:{charge.id}",
                at=at or now(),
                account=_taken_from(refund, parts),
            )
            for charge, share in shares or _shares(session, order, refund.amount)
        ),
    )


def _book_surplus_approved(session: Session, order: Order, refund: Refund, at: datetime) -> None:
    held = _item_of_transfer(session, order, session.get_one(PaymentAttempt, refund.attempt_id))
    back = _item_of_refund(refund, _charges(session, order)[0])
    cause = f"refund:{refund.id}:approved:transfer"
    post(session, movements.refund_approved(held, back, refund.amount, cause=cause, at=at, account="deposit"))


def _taken_from(refund: Refund, parts: Mapping[int, int]) -> str:
    """Of which account a refund is: the revenue, what the city did without, or, for money that never counted, what it held."""
    if not parts:
        return "deposit"
    return "waived" if refund.grounds == "waiver" else "revenue"


def book_waived(session: Session, charge: Charge, waiver_id: int, amount: int, actor: Actor) -> None:
    """Part of a charge is not asked for."""
    cause = _cause_of_waiver(waiver_id, charge)
    post(session, movements.charge_waived(item_of(charge), amount, cause=cause, at=now(), staff_id=actor.id))


def book_waiver_revoked(session: Session, charge: Charge, waiver_id: int) -> None:
    """It is asked for again."""
    reverse_causes(session, [_cause_of_waiver(waiver_id, charge)], at=now())


def _cause_of_waiver(waiver_id: int, charge: Charge) -> str:
    return f"waiver:{waiver_id}:granted:{charge.id}"


def book_dispute_lost(session: Session, order: Order, refund: Refund, dispute_id: str) -> None:
    """What the provider took back for a dispute stays with the payer."""
    item = _item_of_refund(refund, _charges(session, order)[0])
    post(
        session,
        movements.dispute_lost(
            item,
            refund.amount,
            cause=f"dispute:{dispute_id}:lost",
            at=now(),
            provider=PROVIDER,
            provider_ref=dispute_id,
        ),
    )


def book_reversed(session: Session, order: Order, attempt: PaymentAttempt) -> None:
    """Money that was entered at a counter by mistake never arrived."""
    causes = [f"attempt:{attempt.id}:received:{charge.id}" for charge in _charges(session, order)]
    reverse_causes(session, causes, at=now())


def book_refund_ended(
    session: Session, refund: Refund, attempt: PaymentAttempt, status_before: str, *, at: datetime | None = None
) -> None:
    """A refund reached its payer, or did not after all: then the city has the money as before. A transfer is booked by who made it."""
    if refund.status == "succeeded":
        if refund.by_transfer:
            return
        channel = _channel(attempt, refund.provider_id, refund.paid_by)
        cause = f"refund:{refund.id}:paid"
        item = _item_of_refund(refund, _charges_of_refund(session, refund)[0])
        if refund.from_funds:
            channel = _funds(attempt)
        is_surplus = refund.grounds == rules.SURPLUS_OF_TRANSFERS
        paid = movements.transfer_returned if is_surplus else movements.refund_paid
        post(session, paid(item, refund.amount, channel, cause=cause, at=at or now()))
    elif refund.status in rules.REFUND_VOID:
        charges = [charge.id for charge in _charges_of_refund(session, refund)]
        causes = [f"refund:{refund.id}:approved:{each}" for each in (*charges, "transfer")]
        if status_before == "succeeded":
            causes.append(f"refund:{refund.id}:paid")
        reverse_causes(session, causes, at=at or now())
        if refund.stays_with_payer(attempt) and not refund.from_funds:
            _book_kept(session, refund, attempt, at or now())


def _book_kept(session: Session, refund: Refund, attempt: PaymentAttempt, at: datetime) -> None:
    """The provider gives what a payer of a transfer did not take back to nobody: it holds it for them again."""
    item = _item_of_refund(refund, _charges_of_refund(session, refund)[0])
    source, cause = _channel(attempt, refund.provider_id), f"refund:{refund.id}:kept"
    post(session, movements.transfer_kept(item, refund.amount, source, _funds(attempt), cause=cause, at=at))


def _funds(attempt: PaymentAttempt) -> Channel:
    """What the provider holds for whoever pays by this attempt."""
    return Channel(
        account="payer_funds", method=BANK_TRANSFER, provider=PROVIDER, provider_ref=attempt.customer_id or ""
    )


def _item_of_transfer(session: Session, order: Order, attempt: PaymentAttempt) -> Item:
    """What came for an attempt, under its own key: which charges it is for is known once it is a payment."""
    charge = _charges(session, order)[0]
    return Item(
        key=f"transfer:{attempt.id}",
        case_id=charge.case_id,
        order_id=order.id,
        department_id=charge.department_id,
        procedure_key=charge.procedure_key,
    )


def _channel(attempt: PaymentAttempt, provider_ref: str | None, method: str | None = None) -> Channel:
    """By which way an attempt's money came, or goes back: by the same, or by another `method`."""
    method = method or attempt.method or ""
    if method == "cash":
        return Channel(account="cash", method=method)
    if method == "card_reader":
        return Channel(method=method, provider=CARD_READER)
    if method == "slip":
        return Channel(account="bank", method=method, provider_ref=attempt.remitted_with)
    return Channel(method=method, provider=PROVIDER, provider_ref=provider_ref or "")


def item_of(charge: Charge) -> Item:
    """Return what a posting about a charge says of it."""
    return Item(
        key=f"charge:{charge.id}",
        case_id=charge.case_id,
        department_id=charge.department_id,
        procedure_key=charge.procedure_key,
        fee=charge.rule_id,
    )


def _counted(session: Session, order: Order, attempt: PaymentAttempt) -> Iterator[Transaction]:
    shares = dict.fromkeys((charge.id for charge in _charges(session, order)), 0)
    shares |= {charge.id: share for charge, share in _shares(session, order, attempt.received_amount)}
    for charge in _charges(session, order):
        share = shares[charge.id]
        if charge.canceled_at is not None:
            yield _raised(charge, charge.due, "reinstated")
        if share > charge.due:
            yield _raised(charge, share - charge.due, "surplus")
        if share < charge.due:
            yield _reduced(charge, charge.due - share, "short")
        if share:
            cause = f"attempt:{attempt.id}:counted:{charge.id}"
            yield movements.deposit_applied(item_of(charge), share, cause=cause, at=now(), method=attempt.method or "")


def _raised(charge: Charge, amount: int, why: str) -> Transaction:
    at = charge.created_at if why == "raised" else now()
    return movements.charge_raised(item_of(charge), amount, cause=f"charge:{charge.id}:{why}", at=at)


def _reduced(charge: Charge, amount: int, why: str) -> Transaction:
    at = charge.canceled_at or now()
    return movements.charge_reduced(item_of(charge), amount, cause=f"charge:{charge.id}:{why}", at=at)


def _item_of_refund(refund: Refund, charge: Charge) -> Item:
    """A refund under its own key, with the case of the charge: a difference that is found later names it."""
    return Item(
        key=f"refund:{refund.id}",
        case_id=charge.case_id,
        order_id=refund.order_id,
        department_id=charge.department_id,
        procedure_key=charge.procedure_key,
    )


def _shares(session: Session, order: Order, amount: int) -> list[tuple[Charge, int]]:
    """Return the charges that an amount is for, each with its part."""
    charges = _charges(session, order)
    shares = rules.allocate(amount, [charge.due for charge in charges])
    return [(charge, share) for charge, share in zip(charges, shares, strict=True) if share]


def _charges(session: Session, order: Order) -> list[Charge]:
    return [charge for payment in payments_of_order(session, order.id) for charge in payment.charges]


def _charges_of_refund(session: Session, refund: Refund) -> list[Charge]:
    return _charges(session, session.get_one(Order, refund.order_id))
