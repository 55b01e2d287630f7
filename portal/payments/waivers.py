"""Waivers (減免): what somebody decided not to ask for of a charge that was raised, or to give back where it was paid meanwhile.

The charge keeps its amount; its order asks for less. Until the rest is settled a waiver can be revoked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor
from portal.identity import staff_name
from portal.payments import queries
from portal.payments.bookkeeping import book_waived, book_waiver_revoked
from portal.payments.case_payments import Payment, payment_of_case
from portal.payments.history import record_for_case
from portal.payments.later_models import Waiver
from portal.payments.models import Charge, Order, OrderLine
from portal.payments.payment_requests import ask_for
from portal.payments.policy import refunds_need_approval
from portal.payments.refunds import refundable_charges
from portal.payments.rule_refunds import refund_by_rule

MAX_REASON = 1000
_BUSY = "この料金は、いま減免できません。支払いの確認か、カードの異議が終わってから決めてください。"
_WAITS = "この料金の減免は、もう1つが承認を待っています。先に、そちらを決めてください。"
_DECIDED = "この減免は、もう決まっています。いまの状態を確かめてください。"
_SETTLED = "この料金は、もう支払われたか、お返ししたため、減免を取り消せません。"


@dataclass(frozen=True)
class WaiverRequest:
    """What is to be waived: so many yen of a charge, why (the payer reads it), and the file of the case that shows it."""

    charge_id: int
    amount: int
    reason: str
    proof: str


@dataclass(frozen=True)
class ChargeWaiver:
    """One waiver of a charge as pages show it (`rules.WAIVER_STATUSES`). `returned`: it was paid, so the money goes back."""

    id: int
    charge_id: int
    amount: int
    reason: str
    proof: str
    status: str
    requested_by: int
    requested_by_name: str
    requested_at: datetime
    returned: bool


def request_waiver(session: Session, request: WaiverRequest, actor: Actor) -> Waiver:
    """Waive part of a charge, or all of it. The caller holds the case's lock.

    It waits for `approve_waiver` by another person above the city's limit, which counts what this case was waived by one person before.
    Raises NotFound, Conflict while nobody can say what is owed, and Invalid (fields `amount`, `reason`, `proof`).
    """
    order, charge = _lock(session, request.charge_id)
    reason = _check(session, order, charge, request)
    needs_second = refunds_need_approval(session, request.amount + _waived_alone(session, charge.case_id))
    waiver = Waiver(
        charge_id=charge.id,
        amount=request.amount,
        reason=reason,
        proof=request.proof,
        status="requested",
        requested_by=actor.id,
        requested_at=now(),
    )
    session.add(waiver)
    session.flush()
    _record(session, order, waiver, charge, "payment.waiver_requested", actor)
    if not needs_second:
        _grant(session, order, charge, waiver, actor)
    return waiver


def approve_waiver(session: Session, waiver_id: int, actor: Actor) -> Waiver:
    """Grant a waiver as the second person. Raises NotFound, Forbidden for the first, Conflict when it was decided or is not possible any more."""
    order, charge, waiver = _lock_requested(session, waiver_id)
    if actor.kind != "staff" or actor.id == waiver.requested_by:
        raise Forbidden("減免は、申し出た人とは別の人が承認してください。")
    if not 0 < waiver.amount <= waivable(session, order, charge):
        raise Conflict(_BUSY)
    waiver.decided_by = actor.id
    _grant(session, order, charge, waiver, actor)
    return waiver


def reject_waiver(session: Session, waiver_id: int, actor: Actor) -> Waiver:
    """Reject a waiver as the second person, or withdraw it as the first. Raises NotFound, Conflict when it was decided."""
    order, charge, waiver = _lock_requested(session, waiver_id)
    waiver.status, waiver.decided_by, waiver.decided_at = "rejected", actor.id, now()
    session.flush()
    _record(session, order, waiver, charge, "payment.waiver_rejected", actor)
    return waiver


def revoke_waiver(session: Session, waiver_id: int, actor: Actor) -> Waiver:
    """Ask again for what was waived. Raises NotFound, Conflict once the charge is settled or the money goes back."""
    waiver = session.get(Waiver, waiver_id)
    if waiver is None:
        raise NotFound
    order, charge = _lock(session, waiver.charge_id)
    session.refresh(waiver)
    if waiver.status != "granted" or waiver.refund_id is not None or not _is_unsettled(order, charge):
        raise Conflict(_SETTLED)
    waiver.status, waiver.revoked_by, waiver.revoked_at = "revoked", actor.id, now()
    charge.waived -= waiver.amount
    before = order.amount if order.canceled_at is None else 0
    ask_for(session, order, before + waiver.amount)
    book_waiver_revoked(session, charge, waiver.id)
    _record(session, order, waiver, charge, "payment.waiver_revoked", actor)
    return waiver


def waivable(session: Session, order: Order, charge: Charge) -> int:
    """Return the yen of a charge that can be waived now: what is asked for, or what was paid and can be given back."""
    if charge.is_open:
        return charge.due
    if charge.status != "paid":
        return 0
    return refundable_charges(session, payment_of_case(session, order.id, charge.case_id)).get(charge.id, 0)


def waivable_charges(session: Session, payment: Payment) -> dict[int, int]:
    """Return the yen of each charge of a payment (by its id) that can be waived now."""
    return {charge.id: waivable(session, payment.order, charge) for charge in payment.charges}


def waivers_by_charge(session: Session, case_id: int) -> dict[int, list[ChargeWaiver]]:
    """Return the waivers of each charge of a case (by its id), oldest first; charges without one are left out."""
    query = (
        select(Waiver, staff_name(Waiver.requested_by))
        .join(Charge, Charge.id == Waiver.charge_id)
        .where(Charge.case_id == case_id)
    )
    by_charge: dict[int, list[ChargeWaiver]] = {}
    for row, name in session.execute(query.order_by(Waiver.id)):
        waiver = ChargeWaiver(
            row.id,
            row.charge_id,
            row.amount,
            row.reason or "",
            row.proof,
            row.status,
            row.requested_by,
            name or "",
            row.requested_at,
            row.refund_id is not None,
        )
        by_charge.setdefault(row.charge_id, []).append(waiver)
    return by_charge


def reasons_of_waivers(session: Session, charge_ids: Collection[int]) -> dict[int, list[str]]:
    """Return what payers read about the waivers that hold for these charges, by the charge's id; without charges, nothing is asked."""
    reasons: dict[int, list[str]] = {}
    if charge_ids:
        query = select(Waiver).where(Waiver.charge_id.in_(charge_ids), Waiver.status == "granted").order_by(Waiver.id)
        for waiver in session.scalars(query):
            reasons.setdefault(waiver.charge_id, []).extend(filter(None, [waiver.reason]))
    return reasons


def case_of_waiver(session: Session, waiver_id: int) -> int:
    """Return the id of the case whose charge a waiver is about. Raises NotFound."""
    case_id = session.scalar(
        select(Charge.case_id).join(Waiver, Waiver.charge_id == Charge.id).where(Waiver.id == waiver_id)
    )
    if case_id is None:
        raise NotFound
    return case_id


def _lock(session: Session, charge_id: int) -> tuple[Order, Charge]:
    """Return a charge under the lock of the order in which it is paid; of one that moved meanwhile, the order that it is in now."""
    living = select(OrderLine.order_id).where(OrderLine.charge_id == charge_id, OrderLine.living)
    order_id = session.scalar(living)
    while order_id is not None:
        order = queries.lock_order_of_case(session, order_id)
        if session.scalar(living) == order_id:
            charge = session.get_one(Charge, charge_id)
            session.refresh(charge)
            return order, charge
        order_id = session.scalar(living)
    raise NotFound


def _lock_requested(session: Session, waiver_id: int) -> tuple[Order, Charge, Waiver]:
    waiver = session.get(Waiver, waiver_id)
    if waiver is None:
        raise NotFound
    order, charge = _lock(session, waiver.charge_id)
    session.refresh(waiver)
    if waiver.status != "requested":
        raise Conflict(_DECIDED)
    return order, charge, waiver


def _check(session: Session, order: Order, charge: Charge, request: WaiverRequest) -> str:
    most = waivable(session, order, charge)
    if not most:
        raise Conflict(_BUSY)
    if session.scalar(select(Waiver.id).where(Waiver.charge_id == charge.id, Waiver.status == "requested")) is not None:
        raise Conflict(_WAITS)
    faults = {}
    if not 0 < request.amount <= most:
        faults["amount"] = f"減免する金額は、1円から{most:,}円までにしてください。"
    reason = request.reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        faults["reason"] = f"減免の理由を、{MAX_REASON}文字までで書いてください。申請した人に伝わります。"
    if not request.proof:
        faults["proof"] = "減免の根拠になる書類を選ぶか、添付してください。"
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    return reason


def _grant(session: Session, order: Order, charge: Charge, waiver: Waiver, actor: Actor) -> None:
    """Ask for less, or give back what is paid. The caller holds the order's lock."""
    waiver.status, waiver.decided_at = "granted", now()
    if charge.is_open:
        charge.waived += waiver.amount
        ask_for(session, order, order.amount - waiver.amount)
        book_waived(session, charge, waiver.id, waiver.amount, actor)
    else:
        waiver.refund_id = refund_by_rule(
            session,
            order,
            {charge.id: waiver.amount},
            grounds="waiver",
            reason=waiver.reason or "",
            decided_by=(waiver.requested_by, waiver.decided_by),
        ).id
    session.flush()
    _record(session, order, waiver, charge, "payment.waived", actor)


def _is_unsettled(order: Order, charge: Charge) -> bool:
    """Whether the charge still waits to be paid, or is waived whole in an order that waits or asks for nothing."""
    return charge.is_open or (charge.status == "waived" and order.replaced_by_id is None and order.status != "paid")


def _waived_alone(session: Session, case_id: int) -> int:
    """Return the yen that one person alone waived of a case: many small waivers are one large one."""
    query = (
        select(func.coalesce(func.sum(Waiver.amount), 0))
        .join(Charge, Charge.id == Waiver.charge_id)
        .where(Charge.case_id == case_id, Waiver.status == "granted", Waiver.decided_by.is_(None))
    )
    return int(session.scalar(query) or 0)


def _record(session: Session, order: Order, waiver: Waiver, charge: Charge, name: str, actor: Actor) -> None:
    details: Mapping[str, object] = {"waiver_id": waiver.id, "charge_id": charge.id, "amount": waiver.amount}
    record_for_case(session, payment_of_case(session, order.id, charge.case_id), name, actor, **details)
