"""Papers about the payments of one's application: asked for, made by the worker, fetched."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.cases import request_payment_paper, void_slips
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _
from portal.core.web import db
from portal.documents import document_of_case, download, title_of
from portal.files.serving import pdf_attachment
from portal.residents import visitor_access
from portal.residents.blueprint import bp


@bp.post("/me/cases/<public_id>/payments/<payment>/documents/<kind>")
@allow(PUBLIC)
def request_document(public_id: str, payment: str, kind: str) -> Response:
    """Ask for a paper about a payment, or about all of them; the same one again is the same document."""
    mine = visitor_access.case(db(), public_id)
    request_payment_paper(db(), mine, kind, payment, visitor_access.actor(mine))
    return redirect(url_for("residents.case", public_id=public_id) + "#documents", 303)


@bp.get("/me/cases/<public_id>/documents/<document_id>")
@allow(PUBLIC)
def document(public_id: str, document_id: str) -> Response:
    """Fetch a paper that was made. Raises Conflict for a slip with which nothing is to be paid any more."""
    mine = visitor_access.case(db(), public_id)
    paper = document_of_case(db(), mine.id, document_id)
    if void_slips(db(), [paper]):
        raise Conflict(_("この納付書は、もう使えません。支払いの状況を確かめてください。"))
    content = download(db(), paper, visitor_access.actor(mine))
    return pdf_attachment(f"{title_of(paper.kind)} {paper.number}", content)
