"""Looking at a file that was added to an application, before it is sent; and throwing an application away."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal import files
from portal.cases import drafts
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _
from portal.core.web import db
from portal.files.serving import attachment
from portal.residents.application import open_application
from portal.residents.blueprint import bp


@bp.get("/apply/d/<public_id>/files/<file_id>")
@allow(PUBLIC)
def draft_file(public_id: str, file_id: str) -> Response:
    """One file of one's own draft."""
    application = open_application(db(), public_id)
    stored = files.file_of_draft(db(), application.draft.id, file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.post("/drafts/<public_id>/discard")
@allow(PUBLIC)
def discard(public_id: str) -> Response:
    """Throw one's own draft away, with its files."""
    application = open_application(db(), public_id, lock=True)
    if application.draft.case_id is not None:
        raise Conflict(_("この申請は、もう送られています。"))
    drafts.discard(db(), application.draft)
    return redirect(url_for("residents.me"), 303)
