"""Documents that decisions issued, in the drawer: fetched, issued once more, and revoked with a reason."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.cases import Case, moves
from portal.cases.decision_documents import issue_again
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.case_list import page_of
from portal.desk.forms import IssuedDocumentForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import try_action
from portal.documents import document_of_case, download, issued_document, issued_documents, revoke
from portal.files.serving import pdf_attachment

bp = Blueprint("desk_issued_documents", __name__, url_prefix="/desk")
REPLACE = "document.replace"


@bp.get("/cases/<int:case_id>/issued/<document_id>")
@allow(right("case.read_answers"))
def fetch(case_id: int, document_id: str) -> Response:
    """Fetch an issued document; that is an event of its own."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.read_answers", case.department_id)
    document = document_of_case(db(), case.id, document_id)
    issued = next((issued for issued, each in issued_documents(db(), [case.id]) if each.id == document.id), None)
    if issued is None:
        raise NotFound
    return pdf_attachment(f"{issued.title} {issued.number}", download(db(), document, _actor()))


@bp.post("/cases/<int:case_id>/issued/<int:number>")
@allow(right(REPLACE))
def act(case_id: int, number: int) -> ResponseReturnValue:
    """Issue a document once more (`act` again), or revoke it (`act` revoke) with the reason."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require(REPLACE, case.department_id)
    form = IssuedDocumentForm()
    if form.act.data not in ("again", "revoke"):
        raise Forbidden
    rejected = try_action(db(), f"issued-{number}", lambda: _act(case, number, form), form)
    if rejected:
        return page_of(case, "files", rejected)
    return redirect(url_for("desk.case", case_id=case.id, tab="files", **filter_arguments(request.args)), 303)


def _act(case: Case, number: int, form: IssuedDocumentForm) -> None:
    locked = moves.lock_case(db(), case.id)
    issued = issued_document(db(), locked.id, number)
    if form.act.data == "again":
        issue_again(db(), locked, issued, _actor())
        return
    reason = form.reason.data.strip()
    if not reason:
        raise Invalid(_("理由を書いてください。"), {"reason": _("理由を書いてください。")})
    revoke(db(), issued, _actor(), reason=reason)


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
