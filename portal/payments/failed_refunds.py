"""Refunds that failed: the money is back at the city and still owed to its payer, until somebody sends it again, has it transferred to a
bank account, or notes how it was settled otherwise."""

import secrets

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.payments import queries
from portal.payments.bookkeeping import book_refund_approved
from portal.payments.history import record_refund
from portal.payments.models import Charge, Order, OrderLine, Refund, RefundLine
from portal.payments.payment_notes import write_note
from portal.payments.refunds import publish_end
from portal.payments.rule_refunds import enqueue_sending
from portal.payments.settlement import parts_of_refund

_HANDLED = "この返金は、もうほかの人が引き受けました。"


def refunds_to_handle() -> Subquery:
    """Return the refunds that failed and that nobody has taken on, for statements that join them to cases.

    Columns: `id`, `order_id`, `case_id` (the first whose money it is), `amount`, `failure` (the provider's code), `failed_at`.
    """
    of_lines = func.min(case((RefundLine.charge_id == Charge.id, Charge.case_id)))
    return (
        select(
            Refund.id,
            Refund.order_id,
            func.coalesce(of_lines, func.min(Charge.case_id)).label("case_id"),
            Refund.amount,
            Refund.failure,
            Refund.finished_at.label("failed_at"),
        )
        .join(OrderLine, OrderLine.order_id == Refund.order_id)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .outerjoin(RefundLine, RefundLine.refund_id == Refund.id)
        .where(Refund.status == "failed", Refund.handled_at.is_(None))
        .group_by(Refund.id)
        .subquery("refunds_to_handle")
    )


def retry_refund(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Send a failed refund to the provider again; it was decided before, so nobody decides it a second time.

    Raises NotFound, Conflict when somebody has taken it on.
    """
    order, failed = _take_on(session, refund_id)
    refund = _replacement(session, order, failed, by_transfer=False)
    record_refund(session, refund, "refund.retried", actor)
    enqueue_sending(session, refund)
    return refund


def begin_transfer(session: Session, refund_id: int, actor: Actor) -> Refund:
    """Let the city transfer a failed refund to a bank account; it is over with `confirm_transfer`. Raises what `retry_refund` raises."""
    order, failed = _take_on(session, refund_id)
    refund = _replacement(session, order, failed, by_transfer=True)
    record_refund(session, refund, "refund.transfer_chosen", actor)
    return refund


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


def set_aside_refund(session: Session, refund_id: int, note: str, actor: Actor) -> None:
    """Note how a failed refund was settled otherwise; the city keeps the money in its books.

    Raises Invalid (field `note`) without words, else what `retry_refund` raises.
    """
    order, failed = _take_on(session, refund_id)
    note_id = write_note(session, order.id, "refund", note, staff_id=actor.id, refund_id=failed.id, required=True)
    record_refund(session, failed, "refund.set_aside", actor, note_id=note_id)


def _take_on(session: Session, refund_id: int) -> tuple[Order, Refund]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    order = queries.lock_order(session, refund.order_id)
    session.refresh(refund)
    if refund.status != "failed" or refund.handled_at is not None:
        raise Conflict(_(_HANDLED))
    refund.handled_at = now()
    order.version += 1
    session.flush()
    return order, refund


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
        reference=f"refund:{secrets.token_urlsafe(18)}",
        status="pending" if by_transfer else "approved",
        by_transfer=by_transfer,
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
