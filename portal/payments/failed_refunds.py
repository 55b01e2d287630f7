"""Refunds that somebody must carry out: those that failed, whose money is back at the city and still owed to its payer, and those of money
that the provider never had. They are sent again, transferred to a bank account, or paid at a counter."""

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.payments import queries, rules
from portal.payments.bookkeeping import book_refund_approved
from portal.payments.history import record_refund
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from portal.payments.refunds import publish_end
from portal.payments.rule_refunds import enqueue_sending, new_reference, refuse_while_contested
from portal.payments.settlement import parts_of_refund, refundable_by_charge

_HANDLED = "この返金は、もうほかの人が引き受けました。"
_WITH_PROVIDER = "このお金は、決済会社が払った人のために預かっています。市の口座からは返せません。決済会社から、もう一度返してください。"
_GONE = "このお金は、そのあと別の返金か異議の申し立てで払った人にもどりました。この返金は、もうできません。"


def refunds_to_handle() -> Subquery:
    """Return the refunds that failed and that nobody has taken on, and those that wait for a counter, for statements that join them to cases.
    One whose money went back otherwise meanwhile is over.

    Columns: `id`, `order_id`, `case_id` (the first whose money it is), `amount`, `failure` (the provider's code; `at_counter` for what
    never was at the provider), `since`, `with_provider` (whether the provider holds the money for its payer: only it can give it back).
    """
    other = aliased(Refund)
    gone = select(func.coalesce(func.sum(other.amount), 0)).where(
        other.attempt_id == Refund.attempt_id,
        other.status.not_in(rules.REFUND_VOID),
        other.grounds != rules.SURPLUS_OF_TRANSFERS,
    )
    received = func.coalesce(PaymentAttempt.received, PaymentAttempt.amount)
    is_there = or_(
        Refund.grounds == rules.SURPLUS_OF_TRANSFERS,
        received - gone.correlate(Refund).scalar_subquery() >= Refund.amount,
    )
    of_lines = func.min(case((RefundLine.charge_id == Charge.id, Charge.case_id)))
    return (
        select(
            Refund.id,
            Refund.order_id,
            func.coalesce(of_lines, func.min(Charge.case_id)).label("case_id"),
            Refund.amount,
            case((Refund.status == "approved", "at_counter"), else_=Refund.failure).label("failure"),
            func.coalesce(Refund.finished_at, Refund.created_at).label("since"),
            func.bool_or(_stays_with_payer()).label("with_provider"),
        )
        .join(OrderLine, OrderLine.order_id == Refund.order_id)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .outerjoin(RefundLine, RefundLine.refund_id == Refund.id)
        .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
        .where(
            or_(
                and_(Refund.status == "failed", Refund.handled_at.is_(None), is_there),
                and_(Refund.status == "approved", PaymentAttempt.method.in_(rules.OFFLINE_METHODS)),
            )
        )
        .group_by(Refund.id)
        .subquery("refunds_to_handle")
    )


def _stays_with_payer() -> ColumnElement[bool]:
    """`Refund.stays_with_payer`, as a condition."""
    sent = and_(PaymentAttempt.method == rules.BANK_TRANSFER, Refund.provider_id.is_not(None))
    return or_(Refund.from_funds, func.coalesce(sent, false()))


def retry_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Send a failed refund to the provider again; it was decided before, so nobody decides it a second time.

    Raises NotFound, Conflict when somebody has taken it on, when its money went back otherwise, or while it is disputed.
    """
    order, failed = _lock(session, refund_id)
    _take_on(session, order, failed)
    refund = _replacement(session, order, failed, by_transfer=False)
    record_refund(session, refund, "refund.retried", actor)
    enqueue_sending(session, refund)
    return refund


def begin_transfer(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Let the city transfer to a bank account a refund that failed, or one that waits to be paid at a counter; it is over with
    `confirm_transfer`. Raises what `retry_refund` raises.
    """
    order, refund = _lock(session, refund_id)
    if _waits_at_counter(session, refund):
        refund.status, refund.by_transfer = rules.forward_refund(refund.status, "pending"), True
        order.version += 1
        session.flush()
    else:
        if refund.stays_with_payer(session.get_one(PaymentAttempt, refund.attempt_id)):
            raise Conflict(_(_WITH_PROVIDER))
        _take_on(session, order, refund)
        refund = _replacement(session, order, refund, by_transfer=True)
    record_refund(session, refund, "refund.transfer_chosen", actor)
    return refund


def _waits_at_counter(session: Session, refund: Refund) -> bool:
    paid_with = session.get_one(PaymentAttempt, refund.attempt_id).method
    return refund.status == "approved" and paid_with in rules.OFFLINE_METHODS


def confirm_transfer(session: Session, refund_id: int) -> None:
    """The bank transferred it: the payer has the money back. Who transferred it booked that. Safe to repeat."""
    refund = session.get_one(Refund, refund_id)
    order = queries.lock_order(session, refund.order_id)
    session.refresh(refund)
    if refund.status != "pending" or not refund.by_transfer:
        return
    refund.status = "succeeded"
    session.flush()
    publish_end(session, order, refund, "pending")


def _lock(session: Session, refund_id: int) -> tuple[Order, Refund]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    order = queries.lock_order(session, refund.order_id)
    session.refresh(refund)
    return order, refund


def _take_on(session: Session, order: Order, refund: Refund) -> None:
    """Keep that somebody takes on a refund that failed, so that nobody does a second time. Its money must still be there, and uncontested."""
    if refund.status != "failed" or refund.handled_at is not None:
        raise Conflict(_(_HANDLED))
    refuse_while_contested(order)
    left = refundable_by_charge(session, order.id)
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    is_gone = refund.amount > queries.refundable_amount_of_attempt(session, attempt) or any(
        part > left.get(charge_id, 0) for charge_id, part in parts_of_refund(session, refund).items()
    )
    if is_gone and refund.grounds != rules.SURPLUS_OF_TRANSFERS:
        raise Conflict(_(_GONE))
    refund.handled_at = now()
    order.version += 1
    session.flush()


def _replacement(session: Session, order: Order, failed: Refund, *, by_transfer: bool) -> Refund:
    """Return a refund of the same money, decided by the same people."""
    refund = Refund(
        order_id=order.id,
        attempt_id=failed.attempt_id,
        amount=failed.amount,
        duplicate=failed.duplicate,
        grounds=failed.grounds,
        requested_by=failed.requested_by,
        approved_by=failed.approved_by,
        reference=new_reference(),
        status="pending" if by_transfer else "approved",
        by_transfer=by_transfer,
        from_funds=failed.stays_with_payer(session.get_one(PaymentAttempt, failed.attempt_id)),
        created_at=now(),
    )
    session.add(refund)
    session.flush()
    parts = parts_of_refund(session, failed)
    session.add_all(
        RefundLine(refund_id=refund.id, charge_id=charge_id, amount=part) for charge_id, part in parts.items()
    )
    session.flush()
    book_refund_approved(session, order, refund, parts)
    return refund
