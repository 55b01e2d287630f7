"""The files of an application before it is sent: added one by one as they are chosen, looked at, put in order, taken out; and discarding
a draft.
"""

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from forms import Step
from portal import files
from portal.cases import drafts
from portal.cases.browser_drafts import remove_from_browser
from portal.cases.bundles import discard_bundle
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _
from portal.core.web import db
from portal.files.serving import attachment, thumbnail
from portal.identity import browser_key, web_session
from portal.residents import uploads
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.file_slots import FileSlot
from portal.residents.own_rows import file_links, row_posted, slot_posted
from portal.residents.step_page import reading_as_saved, saved_words


@bp.post("/apply/d/<public_id>/<step_id>/files/<key>")
@allow(PUBLIC)
def add_file(public_id: str, step_id: str, key: str) -> Response:
    """Store one file that was just chosen. It is judged before the draft is locked: two devices may send at the same time."""
    application = _unsent(public_id)
    slot = slot_posted(application, application.step(step_id), key)

    def lock() -> DraftApplication:
        nonlocal application
        application = _unsent(public_id, lock=True)
        return application

    added = uploads.take(application, slot, uploads.sent_file(), lock=lock, instead_of=request.form.get("instead-of"))
    return _answer(application, application.step(step_id), slot, added.sentence, added.file.public_id)


@bp.post("/apply/d/<public_id>/<step_id>/files/<key>/remove")
@allow(PUBLIC)
def remove_file(public_id: str, step_id: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    application = _unsent(public_id, lock=True)
    step = application.step(step_id)
    slot = slot_posted(application, step, key)
    removed = application.take_out(slot, request.form.get("file", ""))
    return _answer(application, step, slot, uploads.removed_sentence(removed))


@bp.post("/apply/d/<public_id>/<step_id>/files/<key>/move")
@allow(PUBLIC)
def move_file(public_id: str, step_id: str, key: str) -> Response:
    """Move one file up or down in its list."""
    application = _unsent(public_id, lock=True)
    step = application.step(step_id)
    slot = slot_posted(application, step, key)
    moved = application.move_file(slot, *uploads.sent_move(), uploads.named_files(key))
    return _answer(application, step, slot, uploads.moved_sentence(moved))


@bp.get("/apply/d/<public_id>/files/<file_id>")
@allow(PUBLIC)
def draft_file(public_id: str, file_id: str) -> Response:
    """One file of one's own draft."""
    application = open_application(db(), public_id)
    stored = application.file(file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/apply/d/<public_id>/files/<file_id>/thumbnail")
@allow(PUBLIC)
def draft_thumbnail(public_id: str, file_id: str) -> Response:
    """A picture of one's own draft, small."""
    application = open_application(db(), public_id)
    stored = application.file(file_id)
    return thumbnail(files.thumbnail_for_applicant(db(), stored))


@bp.post("/drafts/<public_id>/discard")
@allow(PUBLIC)
def discard(public_id: str) -> Response:
    """Discard one's own draft, with its files."""
    application = _unsent(public_id, lock=True)
    if application.bundle is not None:
        discard_bundle(db(), application.bundle)
    else:
        drafts.discard(db(), application.members[0].draft)
    return redirect(url_for("residents.me"), 303)


@bp.post("/drafts/<public_id>/forget")
@allow(PUBLIC)
def forget(public_id: str) -> Response:
    """Leave one's draft out of this browser, which others use too; mailed links and the account still open it."""
    application = open_application(db(), public_id)
    browser = browser_key()
    for member in application.members:
        if browser is not None:
            remove_from_browser(db(), browser, draft_id=member.draft.id)
        web_session.forget_draft(member.draft.public_id)
    return redirect(url_for("residents.home"), 303)


def _unsent(public_id: str, *, lock: bool = False) -> DraftApplication:
    """The visitor's application. Raises Conflict when it was sent already."""
    application = open_application(db(), public_id, lock=lock)
    if application.is_sent:
        raise Conflict(_("この手続きは、もう送られています。"))
    return application


def _answer(
    application: DraftApplication, step: Step, slot: FileSlot, sentence: str, added: str | None = None
) -> Response:
    """Let the answer of the question follow its files, and return the list. The draft is locked."""
    application.keep(step, reading_as_saved(application, step, slot, added))
    stored, links = application.files_of(slot), file_links(application, step, row_posted(application, step))
    return jsonify(saved=saved_words(application), **uploads.answer(slot, stored, links, sentence))
