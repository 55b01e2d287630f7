"""The files of a stage's form at the desk: added one by one as they are chosen, looked at, put in order, taken out."""

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from portal import files
from portal.cases import finishing_move, form_to_fill
from portal.cases.moves import lock_case, roles_in
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.desk.stage_application import DeskStageApplication
from portal.files.serving import attachment
from portal.files.serving import thumbnail as small
from portal.procedures import definition_of
from portal.residents import uploads
from portal.residents.file_slots import FileSlot

bp = Blueprint("desk_stage_files", __name__, url_prefix="/desk/cases/<int:case_id>/stage-form/<stage>/files")


@bp.post("/<key>")
@allow(right("case.see"))
def add(case_id: int, stage: str, key: str) -> Response:
    """Keep one file that was just chosen. It is judged before the case is locked."""
    application = open_application(case_id, stage)
    slot = application.slot_at(key)
    added = uploads.take(
        application,
        slot,
        uploads.sent_file(),
        lock=lambda: open_application(case_id, stage, lock=True),
        instead_of=request.form.get("instead-of"),
    )
    return _answer(application, slot, added.sentence)


@bp.post("/<key>/remove")
@allow(right("case.see"))
def remove(case_id: int, stage: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    application = open_application(case_id, stage, lock=True)
    slot = application.slot_at(key)
    removed = application.take_out(slot, request.form.get("file", ""))
    return _answer(application, slot, uploads.removed_sentence(removed))


@bp.post("/<key>/move")
@allow(right("case.see"))
def move(case_id: int, stage: str, key: str) -> Response:
    """Move one file up or down in its list."""
    application = open_application(case_id, stage, lock=True)
    slot = application.slot_at(key)
    moved = application.move_file(slot, *uploads.sent_move(), uploads.named_files(key))
    return _answer(application, slot, uploads.moved_sentence(moved))


@bp.get("/<file_id>")
@allow(right("case.see"))
def file(case_id: int, stage: str, file_id: str) -> Response:
    """A file that was chosen and is not handed in yet."""
    stored = open_application(case_id, stage).chosen_file(file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/<file_id>/thumbnail")
@allow(right("case.see"))
def thumbnail(case_id: int, stage: str, file_id: str) -> Response:
    """A picture that was chosen and is not handed in yet, small."""
    return small(files.thumbnail_for_applicant(db(), open_application(case_id, stage).chosen_file(file_id)))


def open_application(case_id: int, stage: str, *, lock: bool = False) -> DeskStageApplication:
    """The form of a stage that waits for this person. Raises NotFound, Forbidden, and Conflict when it is not to be filled in now."""
    case = case_for_staff(db(), case_id, staff_member())
    if lock:
        case = lock_case(db(), case.id)
    definition = definition_of(db(), case.version_id)
    if stage not in definition.stage_forms:
        raise NotFound
    form = form_to_fill(definition, case, stage)
    if form is None:
        raise Conflict(_("この様式は、もう書き終わっています。案件の画面で確かめてください。"))
    if not roles_in(staff_member(), case) & finishing_move(definition, case, stage).roles:
        raise Forbidden
    return DeskStageApplication(db(), form, {}, {}, case, stage)


def _answer(application: DeskStageApplication, slot: FileSlot, sentence: str) -> Response:
    application.forget_files()
    return jsonify(uploads.answer(slot, application.files_of(slot), application.file_links, sentence))
