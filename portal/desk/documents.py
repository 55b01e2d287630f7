"""Papers about a payment at the desk: asked for and fetched by staff, in the language of the office."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.cases import Case, request_payment_paper
from portal.cases.queries import case_for_staff, cases_of_departments
from portal.core.access import allow, right, staff_member
from portal.core.events import Actor
from portal.core.web import db
from portal.documents import document_of_case, download, title_of
from portal.files.serving import pdf_attachment
from portal.payments import Payment, payments_of_order

bp = Blueprint("desk_documents", __name__, url_prefix="/desk/payments")


@bp.post("/<int:payment_id>/documents/<kind>")
@allow(right("payment.see"))
def request_document(payment_id: int, kind: str) -> Response:
    """Ask for a paper about a payment."""
    payment, case = _payment(payment_id)
    request_payment_paper(db(), case, kind, payment.public_id, _actor())
    return redirect(url_for("desk_reviews.payment", payment_id=payment_id) + "#documents", 303)


@bp.get("/<int:payment_id>/documents/<document_id>")
@allow(right("payment.see"))
def document(payment_id: int, document_id: str) -> Response:
    """Fetch a paper of the payment's case; that is an event of its own."""
    _row, case = _payment(payment_id)
    paper = document_of_case(db(), case.id, document_id)
    content = download(db(), paper, _actor())
    return pdf_attachment(f"{title_of(paper.kind)} {paper.number}", content)


def _payment(payment_id: int) -> tuple[Payment, Case]:
    """Return the payment of the first case that this member of staff may see, and the case. Raises NotFound and Forbidden."""
    staff, payments = staff_member(), payments_of_order(db(), payment_id)
    mine = cases_of_departments(db(), [payment.case_id for payment in payments], staff.departments("payment.see"))
    shown = next((payment for payment in payments if payment.case_id in mine), payments[0])
    case = case_for_staff(db(), shown.case_id, staff)
    staff.require("payment.see", case.department_id)
    return shown, case


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
