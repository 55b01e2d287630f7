"""One payment at the desk: what is known of it here and at the provider, and what a cashier decides about money under review."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import Case, possible_papers, void_slips
from portal.cases.queries import case_for_staff, case_labels, cases_of_departments, history
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import commit_before_call, db
from portal.desk import review_labels
from portal.desk.automatic_checks import payment_check
from portal.desk.event_labels import event_label
from portal.desk.forms import ReviewForm, whole_number
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.viewing import record_list, record_look
from portal.documents import documents_of_case, title_of
from portal.identity import staff_of_department
from portal.payments import (
    CheckoutSnapshot,
    Payment,
    ProviderRejected,
    ProviderUnavailable,
    awaited_transfer,
    decide_review,
    method_name,
    notes_of_order,
    payments_of_order,
    payments_under_review,
    read_provider_record,
    refunds_need_approval,
    refunds_of_order,
    review_of,
)

bp = Blueprint("desk_reviews", __name__, url_prefix="/desk/payments")

MAX_ROWS = 200
"""Payments under review on one page: a city with more has another problem first."""


@dataclass(frozen=True)
class Waiting:
    """One payment under review, for the list."""

    payment_id: int
    case_id: int
    number: str
    title: str
    reason: str
    amount: int
    created_at: datetime


def under_review(session: Session, departments: Collection[int]) -> list[Waiting]:
    """Return the payments of these departments' cases that somebody must decide about, oldest first."""
    payments, cases = payments_under_review().c, case_labels().c
    query = (
        select(
            payments.id,
            cases.id,
            cases.number,
            cases.title,
            payments.reason,
            payments.amount,
            payments.created_at,
        )
        .where(cases.id == payments.case_id, cases.department_id.in_(departments))
        .order_by(payments.id)
        .limit(MAX_ROWS)
    )
    return [Waiting(*row) for row in session.execute(query)]


@bp.get("/reviews")
@allow(right("payment.see"))
def waiting() -> str:
    """The payments that need a decision."""
    rows = under_review(db(), staff_member().departments("payment.see"))
    rendered = render_template("desk/reviews.html", waiting=rows, reason_label=review_labels.reason_label)
    record_list(db(), staff_member(), "payments review", len(rows))
    return rendered


@bp.get("/<int:payment_id>")
@allow(right("payment.see"))
def payment(payment_id: int) -> str:
    """One payment: its status, what the provider reports now, what was written, and what can be decided."""
    return _page(*_payment(payment_id, "payment.see"))


@bp.post("/<int:payment_id>/review")
@allow(right("payment.refund"))
def decide(payment_id: int) -> ResponseReturnValue:
    """Decide about money under review, as it was when the page was opened (`version`)."""
    row, case = _payment(payment_id, "payment.refund")
    staff, form = staff_member(), ReviewForm()
    rejected = try_action(
        db(),
        form.decision.data,
        lambda: decide_review(
            db(),
            payment_id,
            form.decision.data,
            Actor("staff", staff.id, staff.name),
            note=form.note.data,
            expected_version=_version(form.version.data),
        ),
        form,
    )
    if rejected:
        return _page(row, case, rejected), rejected.status
    return redirect(url_for("desk_reviews.payment", payment_id=payment_id), 303)


def _payment(payment_id: int, required_right: str) -> tuple[Payment, Case]:
    """Return the payment of the first case with which this member of staff may do that, and the case.

    Several cases that are paid with one order are decided by somebody who may do so for all of them.
    """
    staff, payments = staff_member(), payments_of_order(db(), payment_id)
    mine = cases_of_departments(db(), [payment.case_id for payment in payments], staff.departments(required_right))
    shown = next((payment for payment in payments if payment.case_id in mine), payments[0])
    for payment in payments if required_right != "payment.see" else [shown]:
        case = case_for_staff(db(), payment.case_id, staff)
        staff.require(required_right, case.department_id)
    return shown, mine[shown.case_id]


def _version(text: str) -> int:
    version = whole_number(text, digits=9)
    if version is None:
        raise Invalid(_("ページを読み込み直してから、もう一度決めてください。"))
    return version


def _page(payment: Payment, case: Case, rejected: RejectedAction | None = None) -> str:
    record, away = _record(payment.id) if payment.status == "needs_review" else (None, False)
    session = db()
    review = review_of(session, payment.order)
    documents = documents_of_case(session, case.id)
    events = [event for event in history(session, case.id) if event.name.startswith(("payment.", "refund."))]
    rendered = render_template(
        "desk/payment.html",
        payment=payment,
        case=case,
        check=payment_check(payment),
        review=review,
        record=record,
        away=away,
        ways=review_labels.ways(
            review, four_eyes=refunds_need_approval(session, review.received or 0), closed=case.closed_at is not None
        )
        if review
        else [],
        may_decide=staff_member().may("payment.refund", case.department_id),
        awaited=awaited_transfer(session, payment.id),
        refunds=refunds_of_order(session, payment.id),
        notes=notes_of_order(session, payment.id),
        names=dict(staff_of_department(session, case.department_id)),
        documents=documents,
        void=void_slips(session, documents),
        papers=[paper for paper in possible_papers(session, case) if paper.payment == payment.public_id],
        title_of=title_of,
        events=events,
        event_label=event_label,
        reason_label=review_labels.reason_label,
        note_labels=review_labels.NOTES,
        record_labels=review_labels.RECORD,
        method_name=method_name,
        rejected=rejected,
        form_of=lambda name: form_of(rejected, name, ReviewForm),
    )
    record_look(session, staff_member(), case=case)
    return rendered


def _record(payment_id: int) -> tuple[CheckoutSnapshot | None, bool]:
    """Return what the provider reports now, and whether it could not be reached."""
    commit_before_call()
    try:
        return read_provider_record(current_city().key, payment_id), False
    except (ProviderUnavailable, ProviderRejected):
        return None, True
