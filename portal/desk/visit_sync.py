"""What a phone sends from a site visit once it has a connection again: photos one by one, then the answers; and what comes too late, as a note.

Each has a key that the phone made, so that what is sent again because no answer came is taken once.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from forms import Definition
from forms.fields.file import Files
from forms.fields.path import head_of
from portal import files
from portal.cases import (
    Case,
    SeenVersion,
    finishing_move,
    form_to_fill,
    notes,
    seen_version,
    visits,
)
from portal.cases.decisions import decide
from portal.cases.events import of_case
from portal.cases.moves import MoveInputs, lock_case, roles_in
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, Event, record
from portal.core.page_tokens import give_token
from portal.core.text import _, moment_ja, using_language
from portal.core.web import db
from portal.desk.event_labels import event_label
from portal.desk.rejected_action import try_action
from portal.desk.stage_application import DeskStageApplication
from portal.files import StoredFile
from portal.procedures import definition_of
from portal.residents import uploads
from portal.residents.answers import sections
from portal.residents.form_submission import on_page, posted

_KEY: Final = re.compile(r"[0-9A-Za-z-]{16,64}")

bp = Blueprint("desk_visit_sync", __name__, url_prefix="/desk/visits")


@bp.get("/session")
@allow(right("case.read_place"))
def session() -> Response:
    """Who is signed in, and with which token what the phone keeps can be sent."""
    give_token()
    return jsonify(staff=staff_member().id)


@bp.post("/<int:case_id>/stages/<stage>/photos/<key>")
@allow(right("case.read_place"))
def take_photo(case_id: int, stage: str, key: str) -> ResponseReturnValue:
    """Keep one photo for the form of a site visit, with when and where it was taken. It is judged before the case is locked."""
    case, definition = _case(case_id, stage)
    if form_to_fill(definition, case, stage) is None:
        return _too_late(case, definition, stage)
    application, sent_key = _application(case, definition, stage), _sent_key()
    slot = application.slot_at(key)
    known = _with_key(application.files_of(slot), sent_key)
    if known is not None:
        return jsonify(file=known.public_id)

    def lock() -> DeskStageApplication:
        locked = lock_case(db(), case.id)
        if form_to_fill(definition, locked, stage) is None:
            raise Conflict(visits.why_not_waiting(db(), locked, definition, stage))
        return application

    kept = uploads.take(application, slot, uploads.sent_file(), lock=lock)
    if not kept.again:
        _mark(kept.file, sent_key)
    return jsonify(file=kept.file.public_id)


@bp.post("/<int:case_id>/stages/<stage>/answers")
@allow(right("case.read_place"))
def take_answers(case_id: int, stage: str) -> ResponseReturnValue:
    """Keep the form and pass the stage, both or neither. 409 with what happened meanwhile when the case is another than the phone knew."""
    case, definition = _case(case_id, stage)
    case, sent_key = lock_case(db(), case.id), _sent_key()
    if visits.was_filled(db(), case, sent_key):
        return jsonify(done=True)
    form = form_to_fill(definition, case, stage)
    if form is None:
        return _too_late(case, definition, stage)
    application = _application(case, definition, stage)
    reading = application.read(application.step, posted(), on_page=on_page())
    if not reading.complete:
        return _to_correct(form, reading.errors)
    move, staff = finishing_move(definition, case, stage), staff_member()
    files_named = tuple(application.to_hand_in(reading.answers))
    inputs = MoveInputs(form_answers=reading.answers, form_files=files_named, form_key=sent_key)
    seen = SeenVersion.parse(request.form.get("case-seen"))
    rejected = try_action(db(), move.id, lambda: decide(db(), case.id, move.id, staff, inputs, seen=seen))
    if rejected is None:
        return jsonify(done=True)
    if rejected.status == 422:
        return _to_correct(form, {path: [sentence] for path, sentence in rejected.faults.items()}, rejected.message)
    return _conflict(case, definition, rejected.message, rejected.events), 409


@bp.post("/<int:case_id>/stages/<stage>/late-photos/<key>")
@allow(right("case.read_place"))
def keep_late_photo(case_id: int, stage: str, key: str) -> ResponseReturnValue:
    """Keep a photo that came too late for its form with the case, beside the note that says so."""
    case, definition = _case(case_id, stage)
    slot, sent_key, upload = _application(case, definition, stage).slot_at(key), _sent_key(), uploads.sent_file()
    accepted = uploads.judged(db(), slot, upload)
    lock_case(db(), case.id)
    others = [file for file in files.files_of_case(db(), case.id) if file.field == slot.field]
    known = _with_key(others, sent_key) or files.same_file(others, accepted)
    if known is None:
        known = files.store_with_case(db(), case.id, slot.field, accepted, others)
        _mark(known, sent_key)
        record(db(), of_case(case.id), "case.site_photo_kept", _actor(), file_id=known.id)
    return jsonify(file=known.public_id)


@bp.post("/<int:case_id>/stages/<stage>/note")
@allow(right("case.read_place"))
def keep_as_note(case_id: int, stage: str) -> ResponseReturnValue:
    """Keep answers that came too late as a note of the office, once."""
    case, definition = _case(case_id, stage)
    case, sent_key = lock_case(db(), case.id), _sent_key()
    if not visits.was_noted(db(), case, sent_key):
        application = _application(case, definition, stage)
        _hand_in(application, request.form.getlist("photo-key"))
        body = _as_text(application)
        notes.add_note(db(), case, _actor(), body[: notes.MAX_NOTE], sent_key=sent_key)
        for begin in range(notes.MAX_NOTE, len(body), notes.MAX_NOTE):
            notes.add_note(db(), case, _actor(), body[begin : begin + notes.MAX_NOTE])
    return jsonify(done=True)


def _case(case_id: int, stage: str) -> tuple[Case, Definition]:
    """A case whose site visits this person does, also one that waits for none any more. Raises NotFound, Forbidden, and Conflict for what
    a colleague wrote on the same phone.
    """
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    definition = definition_of(db(), case.version_id)
    if stage not in definition.stage_forms:
        raise NotFound
    if visits.INSPECTOR not in roles_in(staff, case):
        raise Forbidden
    if all(own.id != stage or own.role != visits.INSPECTOR for own in definition.workflow.stages):
        raise NotFound
    if request.form.get("kept-for") != str(staff.id):
        raise Conflict(_("この答えは、ほかの職員が書いたものです。書いた職員がサインインしてから、送ってください。"))
    return case, definition


def _application(case: Case, definition: Definition, stage: str) -> DeskStageApplication:
    return DeskStageApplication(db(), definition.stage_forms[stage], {}, {}, case, stage)


def _sent_key() -> str:
    """The key that the phone made for what it sends. Raises Invalid without one."""
    key = request.form.get("sent-key", "")
    if not _KEY.fullmatch(key):
        raise Invalid(_("送られた内容に番号がありません。ページを読み込み直して、もう一度送ってください。"))
    return key


def _with_key(stored: Sequence[StoredFile], sent_key: str) -> StoredFile | None:
    return next((file for file in stored if file.sent_key == sent_key), None)


def _mark(stored: StoredFile, sent_key: str) -> None:
    """Keep with a photo that just came how the phone names it, and when and where it was taken."""
    stored.sent_key, stored.taken = sent_key, files.capture_read(request.form).as_json
    db().flush()


def _hand_in(application: DeskStageApplication, sent_keys: Sequence[str]) -> None:
    """Attach photos to the case that had arrived for the form before it could not be taken any more."""
    case, waiting = application.case, [file for file in application.stored_files if file.sent_key in sent_keys]
    if waiting and case.draft_id is not None:
        files.attach_to_case(db(), [file.public_id for file in waiting], case.draft_id, case.id)
        for file in waiting:
            record(db(), of_case(case.id), "case.site_photo_kept", _actor(), file_id=file.id)


def _too_late(case: Case, definition: Definition, stage: str) -> ResponseReturnValue:
    sentence = visits.why_not_waiting(db(), case, definition, stage)
    return jsonify(message=sentence, changes=[], seen=None), 409


def _conflict(case: Case, definition: Definition, message: str, events: Sequence[Event]) -> Response:
    """What happened since the phone took the case along, and the version that is to be sent with what was read."""
    changes = [
        f"{moment_ja(event.at)} {event_label(event, definition)} {event.actor_name or ''}".rstrip() for event in events
    ]
    return jsonify(message=message, changes=changes, seen=str(seen_version(db(), case)))


def _to_correct(form: Definition, errors: Mapping[str, Sequence[str]], message: str = "") -> tuple[Response, int]:
    """What has to be corrected before it can be taken, question by question."""
    faults = [
        {"field": path, "sentence": f"{form.fields[head_of(path)].label_in('ja')}: {sentence}"}
        for path, sentences in errors.items()
        for sentence in sentences
        if head_of(path) in form.fields
    ]
    return jsonify(message=message or _("{count}つの項目を直してください。", count=len(faults)), faults=faults), 422


def _as_text(application: DeskStageApplication) -> str:
    """The answers in words for a note; what cannot be read, or what a condition hides, as it was typed."""
    reading = application.read(application.step, posted(), on_page=on_page())
    form = application.definition
    with using_language("ja"):
        told = [
            f"{row.term}: {' '.join(row.lines)}"
            for section in sections(form, reading.answers, {}, reading.answers)
            for row in section.rows
        ]
    told += [
        f"{question.label_in('ja')}: {typed}"
        for question in form.fields.values()
        if question.id not in reading.answers and not isinstance(question, Files)
        for name, value in reading.raw.items()
        if head_of(name) == question.id
        for typed in ([value] if isinstance(value, str) else value)
        if typed
    ]
    title = _("{stage}で書いた内容(届いたときには、案件が先に進んでいました)", stage=form.title.ja)
    return "\n".join([title, *told])


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
