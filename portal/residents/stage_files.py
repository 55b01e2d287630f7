"""The files of a form that the applicant fills in after applying: added one by one as they are chosen, looked at, put in
order, taken out.
"""

from flask import jsonify, request
from werkzeug.wrappers import Response

from portal import files
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _
from portal.core.web import db
from portal.files.serving import attachment, thumbnail
from portal.residents import uploads
from portal.residents.blueprint import bp
from portal.residents.file_slots import FileSlot
from portal.residents.stage_application import StageApplication
from portal.residents.stage_form import open_stage_form


@bp.post("/me/cases/<public_id>/forms/<stage>/files/<key>")
@allow(PUBLIC)
def add_stage_file(public_id: str, stage: str, key: str) -> Response:
    """Keep one file that was just chosen. It is judged before the case is locked."""
    application = _open(public_id, stage)
    slot = application.slot_at(key)

    def lock() -> StageApplication:
        nonlocal application
        application = _open(public_id, stage, lock=True)
        return application

    added = uploads.take(application, slot, uploads.sent_file(), lock=lock, instead_of=request.form.get("instead-of"))
    return _answer(application, slot, added.sentence)


@bp.post("/me/cases/<public_id>/forms/<stage>/files/<key>/remove")
@allow(PUBLIC)
def remove_stage_file(public_id: str, stage: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    application = _open(public_id, stage, lock=True)
    slot = application.slot_at(key)
    removed = application.take_out(slot, request.form.get("file", ""))
    return _answer(application, slot, uploads.removed_sentence(removed))


@bp.post("/me/cases/<public_id>/forms/<stage>/files/<key>/move")
@allow(PUBLIC)
def move_stage_file(public_id: str, stage: str, key: str) -> Response:
    """Move one file up or down in its list."""
    application = _open(public_id, stage, lock=True)
    slot = application.slot_at(key)
    moved = application.move_file(slot, *uploads.sent_move(), uploads.named_files(key))
    return _answer(application, slot, uploads.moved_sentence(moved))


@bp.get("/me/cases/<public_id>/forms/<stage>/files/<file_id>")
@allow(PUBLIC)
def stage_file(public_id: str, stage: str, file_id: str) -> Response:
    """A file that was chosen and is not sent yet."""
    stored = _open(public_id, stage).chosen_file(file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/me/cases/<public_id>/forms/<stage>/files/<file_id>/thumbnail")
@allow(PUBLIC)
def stage_thumbnail(public_id: str, stage: str, file_id: str) -> Response:
    """A picture that was chosen and is not sent yet, small."""
    return thumbnail(files.thumbnail_for_applicant(db(), _open(public_id, stage).chosen_file(file_id)))


def _open(public_id: str, stage: str, *, lock: bool = False) -> StageApplication:
    application = open_stage_form(public_id, stage, lock=lock)
    if application is None:
        raise Conflict(_("この様式は、もう送られています。手続きのページで確かめてください。"))
    return application


def _answer(application: StageApplication, slot: FileSlot, sentence: str) -> Response:
    return jsonify(uploads.answer(slot, application.files_of(slot), application.file_links, sentence))
