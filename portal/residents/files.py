"""The files of an application before it is sent: added one by one as they are chosen, looked at, taken out; and throwing an
application away.
"""

from functools import partial

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from forms import Step
from forms.fields.file import Files
from forms.text.messages import message
from portal import files
from portal.cases import drafts
from portal.cases.browser_drafts import remove_from_browser
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _, current_language
from portal.core.web import db
from portal.files.models import StoredFile
from portal.files.serving import attachment, thumbnail
from portal.identity import web_session
from portal.identity.browser_draft_key import browser_key
from portal.residents import uploads
from portal.residents.application import Application, open_application
from portal.residents.blueprint import bp
from portal.residents.posted import file_question, files_of
from portal.residents.step_page import file_links, reading_as_saved, saved_words


@bp.post("/apply/d/<public_id>/<step_id>/files/<key>")
@allow(PUBLIC)
def add_file(public_id: str, step_id: str, key: str) -> Response:
    """Keep one file that was just chosen. It is judged before the draft is locked: two devices may send at the same time."""
    application = open_application(db(), public_id)
    _refuse_sent(application)
    step = application.step(step_id)
    asked = file_question(step, key)
    upload = uploads.sent_file()
    kept = uploads.take(db(), application.draft.id, asked, upload, there=partial(_lock_and_list, application, asked))
    return _answer(application, step, asked, kept.said)


@bp.post("/apply/d/<public_id>/<step_id>/files/<key>/remove")
@allow(PUBLIC)
def remove_file(public_id: str, step_id: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    application = open_application(db(), public_id, lock=True)
    _refuse_sent(application)
    step = application.step(step_id)
    asked = file_question(step, key)
    said = ""
    for stored in files_of(application, asked):
        if stored.public_id == request.form.get("file"):
            said = message("file_removed", current_language(), name=stored.name)
            files.remove(db(), application.draft.id, stored.public_id)
    return _answer(application, step, asked, said)


@bp.get("/apply/d/<public_id>/files/<file_id>")
@allow(PUBLIC)
def draft_file(public_id: str, file_id: str) -> Response:
    """One file of one's own draft."""
    application = open_application(db(), public_id)
    stored = files.file_of_draft(db(), application.draft.id, file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/apply/d/<public_id>/files/<file_id>/thumbnail")
@allow(PUBLIC)
def draft_thumbnail(public_id: str, file_id: str) -> Response:
    """A picture of one's own draft, small."""
    application = open_application(db(), public_id)
    stored = files.file_of_draft(db(), application.draft.id, file_id)
    return thumbnail(files.thumbnail_for_applicant(db(), stored))


@bp.post("/drafts/<public_id>/discard")
@allow(PUBLIC)
def discard(public_id: str) -> Response:
    """Throw one's own draft away, with its files."""
    application = open_application(db(), public_id, lock=True)
    _refuse_sent(application)
    drafts.discard(db(), application.draft)
    return redirect(url_for("residents.me"), 303)


@bp.post("/drafts/<public_id>/forget")
@allow(PUBLIC)
def forget(public_id: str) -> Response:
    """Leave one's draft out of this browser, which others use too; mailed links and the account still open it."""
    application = open_application(db(), public_id)
    browser = browser_key()
    if browser is not None:
        remove_from_browser(db(), browser, draft_id=application.draft.id)
    web_session.forget_draft(public_id)
    return redirect(url_for("residents.home"), 303)


def _lock_and_list(application: Application, asked: Files) -> list[StoredFile]:
    """Lock the draft, which may have been sent, changed or thrown away meanwhile, and list the files of one question."""
    locked = open_application(application.session, application.draft.public_id, lock=True)
    _refuse_sent(locked)
    application.answers, application.typed = locked.answers, locked.typed
    return files_of(application, asked)


def _answer(application: Application, step: Step, asked: Files, said: str) -> Response:
    """Let the answer of the question follow its files, and give back the list. The draft is locked."""
    stored = files_of(application, asked)
    application.keep(step, reading_as_saved(application, step))
    links = file_links(application, step)
    return jsonify(saved=saved_words(application), **uploads.answer(asked, stored, links, said))


def _refuse_sent(application: Application) -> None:
    if application.draft.case_id is not None:
        raise Conflict(_("この申請は、もう送られています。"))
