"""Asking a case for money: its charges and the order in which they are paid, changed while unpaid, or canceled."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from common.open_days import open_day_from
from portal.core.clock import now, today
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor
from portal.core.jobs import enqueue
from portal.core.text import _
from portal.payments import queries, task_names
from portal.payments.bookkeeping import book_called_off, book_raised
from portal.payments.carried_waivers import carry_waivers, lift_waivers
from portal.payments.case_payments import Payment, payment_of_case, payments_of_case, payments_of_order
from portal.payments.history import record_for_case
from portal.payments.models import Charge, Order, OrderLine
from portal.payments.policy import due_days
from portal.payments.provider import LineItem, LocalizedText
from portal.payments.settlement import settle_charges

_OVER = ("canceled", "refunded")


@dataclass(frozen=True)
class ChargeOwner:
    """Whose revenue a charge is, and of which procedure: by these the books are divided."""

    department_id: int | None
    procedure_key: str


@dataclass(frozen=True)
class _Source:
    """What charges are for."""

    case_id: int
    purpose: str
    about: str
    owner: ChargeOwner
    pay_by: date | None


_IS_PAID = "支払いが済んでいるため、金額を変えられません。"
_IS_SPLIT = "この料金の一部は、別に支払われています。残りを、差額としてお願いしてください。"


def open_payment(  # noqa: PLR0913 - all but three are named
    session: Session,
    case_id: int,
    lines: Sequence[LineItem],
    *,
    title: str,
    purpose: str = "application",
    next_path: str | None = None,
    owner: ChargeOwner | None = None,
    pay_by: date | None = None,
    latest: date | None = None,
    actor: Actor = SYSTEM,
) -> Payment:
    """Charge a case for these lines, and open the order in which they are paid. `next_path` is the page to show once it is paid;
    `owner` is whose revenue it is; `pay_by` the last day (納期限), which without one follows from the city's rule, and is `latest` where
    that comes first.

    A second call for the same case and purpose returns the same payment, so a form sent twice opens one. Raises Invalid if
    there is nothing to pay.
    """
    for payment in payments_of_case(session, case_id):
        if payment.purpose == purpose and payment.status not in _OVER:
            return payment
    order = new_order(session, title, _total(lines), next_path)
    owner = owner or ChargeOwner(None, "")
    pay_by = pay_by or open_day_from(today() + timedelta(days=due_days(session).pay_within))
    if latest is not None:
        pay_by = min(pay_by, latest)
    _add_charges(session, order, _Source(case_id, purpose, title, owner, pay_by), lines)
    payment = payment_of_case(session, order.id, case_id)
    record_for_case(session, payment, "payment.requested", actor, amount=payment.amount)
    return payment


def new_order(session: Session, title: str, amount: int, next_path: str | None) -> Order:
    """Store an order without lines."""
    order = Order(
        public_id=secrets.token_urlsafe(18),
        title=title,
        amount=amount,
        status="open",
        received=0,
        given_back=0,
        next_path=next_path,
        created_at=now(),
    )
    session.add(order)
    session.flush()
    return order


def change_payment(session: Session, payment: Payment, lines: Sequence[LineItem], actor: Actor = SYSTEM) -> Payment:
    """Ask for other lines while nothing was paid; a page that is open at the provider expires. Raises Conflict once it is paid, and when a
    part of it is paid with another order.

    Lines that stay the same keep their charges; the others are canceled, because a charge never changes.
    """
    order = queries.lock_order_of_case(session, payment.id)
    before = payment_of_case(session, order.id, payment.case_id)
    if not before.is_payable:
        raise Conflict(_IS_PAID)
    if any(
        other.id != order.id and other.purpose == before.purpose and other.status not in _OVER
        for other in payments_of_case(session, payment.case_id)
    ):
        raise Conflict(_IS_SPLIT)
    _total(lines)
    asked_before = before.amount
    replaced = _replaced(before.charges, lines)
    waivers = {charge.number: lift_waivers(session, charge) for charge in replaced}
    for charge in replaced:
        charge.canceled_at, charge.status = now(), "canceled"
        _leave(session, order, charge)
    session.flush()
    book_called_off(session, [charge for charge in before.charges if charge.canceled_at is not None])
    kept = {charge.number for charge in before.charges if charge.canceled_at is None}
    first = before.charges[0]
    owner = ChargeOwner(first.department_id, first.procedure_key)
    source = _Source(payment.case_id, before.purpose, before.title, owner, first.pay_by)
    for charge in _add_charges(session, order, source, lines, kept):
        carry_waivers(session, waivers.pop(charge.number, ()), charge)
    after = payment_of_case(session, order.id, payment.case_id)
    if after.amount != asked_before:
        record_for_case(session, after, "payment.requested", actor, amount=after.amount)
        ask_for(session, order, order.amount + after.amount - asked_before)
    return after


def cancel_payment(session: Session, payment: Payment, *, expected_version: int | None = None) -> Payment:
    """Cancel what is no longer owed by a case (withdrawn, waived). Raises Conflict once it is paid: then it is refunded instead.

    In a basket with other cases, those stay to be paid.
    """
    order = queries.lock_order_of_case(session, payment.id, expected_version=expected_version)
    current = payments_of_order(session, order.id)
    mine = next((each for each in current if each.case_id == payment.case_id), None)
    if mine is None:
        raise Conflict(_(queries.STALE_PAYMENT))
    if not mine.is_payable and mine.status != "canceled":
        raise Conflict("支払いが済んでいます。取り消すときは、返金してください。")
    if mine.status == "canceled":
        return mine
    if len(current) > 1:
        order = _taken_out(session, order, mine)
    order.status = "canceled"
    order.canceled_at = now()
    for charge in mine.charges:
        charge.canceled_at = order.canceled_at
    settle_charges(session, order)
    book_called_off(session, mine.charges)
    _amount_changed(session, order)
    return payment_of_case(session, order.id, payment.case_id)


def move_charges(session: Session, charges: Sequence[Charge], source: Order, target: Order) -> None:
    """Let charges be paid with another order from now on. The caller holds the locks of both, and sets their amounts."""
    for charge in charges:
        _leave(session, source, charge)
    session.flush()
    session.add_all(OrderLine(order_id=target.id, charge_id=charge.id, living=True) for charge in charges)
    session.flush()


def _taken_out(session: Session, basket: Order, payment: Payment) -> Order:
    """Return an order of its own for what a basket asked of one case; the basket asks for the rest."""
    order = new_order(session, payment.title, payment.amount, None)
    move_charges(session, payment.charges, basket, order)
    basket.amount -= order.amount
    _amount_changed(session, basket)
    return order


def ask_for(session: Session, order: Order, amount: int) -> None:
    """Let an unpaid order ask for so many yen from now on; with none it is over. Its page at the provider closes. The caller holds its lock."""
    if amount:
        order.amount, order.canceled_at = amount, None
        order.status = "open" if order.status == "canceled" else order.status
    else:
        order.status, order.canceled_at = "canceled", now()
    settle_charges(session, order)
    _amount_changed(session, order)


def _amount_changed(session: Session, order: Order) -> None:
    """Expire the page at the provider that shows what is not asked any more."""
    order.version += 1
    session.flush()
    enqueue(session, task_names.EXPIRE_CHECKOUTS, lock=f"payment:{order.id}", payment_id=order.id)


def _leave(session: Session, order: Order, charge: Charge) -> None:
    line = queries.line_of_charge(session, order.id, charge.id)
    line.living = False


def _replaced(charges: Sequence[Charge], lines: Sequence[LineItem]) -> list[Charge]:
    """Return the charges whose line is not there any more, or not the same."""
    new_content = {number: _content(line) for number, line in _numbered(lines)}
    return [
        charge
        for charge in charges
        if new_content.get(charge.number) != (charge.rule_id, charge.amount, charge.title, charge.detail)
    ]


def _add_charges(
    session: Session, order: Order, source: _Source, lines: Sequence[LineItem], kept: Collection[int] = ()
) -> list[Charge]:
    charges = [
        Charge(
            case_id=source.case_id,
            department_id=source.owner.department_id,
            procedure_key=source.owner.procedure_key,
            purpose=source.purpose,
            number=number,
            rule_id=line.id,
            about=source.about,
            title=_as_json(line.title),
            detail=_as_json(line.detail),
            amount=line.amount,
            methods=list(line.methods),
            status="owed",
            received=0,
            given_back=0,
            created_at=now(),
            pay_by=source.pay_by,
        )
        for number, line in _numbered(lines)
        if number not in kept
    ]
    session.add_all(charges)
    session.flush()
    session.add_all(OrderLine(order_id=order.id, charge_id=charge.id, living=True) for charge in charges)
    session.flush()
    book_raised(session, charges)
    return charges


def _numbered(lines: Sequence[LineItem]) -> list[tuple[int, LineItem]]:
    return [(number, line) for number, line in enumerate(lines, 1) if line.amount]


def _content(line: LineItem) -> tuple[str, int, dict[str, str], dict[str, str]]:
    return line.id, line.amount, _as_json(line.title), _as_json(line.detail)


def _total(lines: Sequence[LineItem]) -> int:
    total = sum(line.amount for line in lines)
    if total <= 0 or any(line.amount < 0 for line in lines):
        raise Invalid("支払う金額がありません。")
    return total


def _as_json(text: LocalizedText) -> dict[str, str]:
    if isinstance(text, str):
        return {"ja": text} if text else {}
    return dict(text)
