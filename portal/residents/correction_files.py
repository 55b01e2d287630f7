"""The files of an answer to the office: added one by one as they are chosen, put in place of those handed in, looked at, put in order, taken
out before it is sent.
"""

from dataclasses import replace

from flask import jsonify, request
from werkzeug.wrappers import Response

from portal import files
from portal.cases import correction_drafts
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.files import StoredFile
from portal.files.serving import attachment, thumbnail
from portal.residents import uploads
from portal.residents.blueprint import bp
from portal.residents.correction_application import Correction, open_correction
from portal.residents.file_slots import FileSlot, slot_at


@bp.post("/me/cases/<public_id>/correction/files/<key>")
@allow(PUBLIC)
def add_correction_file(public_id: str, key: str) -> Response:
    """Keep one file that was just chosen."""
    correction = open_correction(public_id)
    slot = _slot(correction, key)

    def lock() -> Correction:
        nonlocal correction
        correction = open_correction(public_id, lock=True)
        return correction

    added = uploads.take(correction, slot, uploads.sent_file(), lock=lock, instead_of=request.form.get("instead-of"))
    if slot.in_row:
        file_ids = [file.public_id for file in correction.files_of(slot)]
        kept = correction.with_files(slot, [*file_ids, *({added.file.public_id} - set(file_ids))])
        correction.kept = correction_drafts.save_correction_draft(db(), correction.case, kept)
    if added.replaced is not None:
        _keep_taken_out(correction)
    return _answer(correction, slot, added.sentence)


@bp.post("/me/cases/<public_id>/correction/files/<key>/remove")
@allow(PUBLIC)
def remove_correction_file(public_id: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    correction = open_correction(public_id, lock=True)
    slot = _slot(correction, key)
    removed = correction.take_out(slot, request.form.get("file", ""))
    _keep_taken_out(correction)
    return _answer(correction, slot, uploads.removed_sentence(removed))


@bp.post("/me/cases/<public_id>/correction/files/<key>/move")
@allow(PUBLIC)
def move_correction_file(public_id: str, key: str) -> Response:
    """Move one file up or down in its list."""
    correction = open_correction(public_id, lock=True)
    slot = _slot(correction, key)
    moved = correction.move_file(slot, *uploads.sent_move(), uploads.named_files(key))
    return _answer(correction, slot, uploads.moved_sentence(moved))


@bp.get("/me/cases/<public_id>/correction/files/<file_id>")
@allow(PUBLIC)
def correction_file(public_id: str, file_id: str) -> Response:
    """A file that was handed in or added since."""
    stored = _file(open_correction(public_id), file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/me/cases/<public_id>/correction/files/<file_id>/thumbnail")
@allow(PUBLIC)
def correction_thumbnail(public_id: str, file_id: str) -> Response:
    """A picture that was handed in or added since, small."""
    return thumbnail(files.thumbnail_for_applicant(db(), _file(open_correction(public_id), file_id)))


def _keep_taken_out(correction: Correction) -> None:
    """Keep which of the files that were handed in are no longer part of the answer."""
    kept = correction.kept or correction_drafts.SavedCorrection()
    correction.kept = correction_drafts.save_correction_draft(
        db(), correction.case, replace(kept, taken_out=correction.taken_out)
    )


def _file(correction: Correction, file_id: str) -> StoredFile:
    for file in correction.stored_files:
        if file.public_id == file_id:
            return file
    raise NotFound("このファイルは見つかりません。")


def _slot(correction: Correction, path: str) -> FileSlot:
    for step in correction.steps:
        slot = slot_at(correction.questions_of(step), path)
        if slot is not None:
            return slot
    raise NotFound


def _answer(correction: Correction, slot: FileSlot, sentence: str) -> Response:
    return jsonify(uploads.answer(slot, correction.files_of(slot), correction.file_links, sentence))
