"""What a page learns while it is being filled in: kept answers, the parts of the page that follow, a place moved aside."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import jsonify, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forms import Step, StepReading
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.occurrences import answer_at, with_answer
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.fields.place_rendering import place_list
from forms.fields.shown import ShownPlaces
from forms.full_dates import with_full_dates
from portal.cases import places
from portal.core.access import PUBLIC, allow
from portal.core.clock import today
from portal.core.errors import Conflict, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.residents import late
from portal.residents.affected_places import affected_places
from portal.residents.apply import faults_of, places_of
from portal.residents.availability import room_for
from portal.residents.blueprint import bp
from portal.residents.conflict_options import conflict_options, move_aside
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.form_submission import on_page, read, take_files, take_out_removed_rows
from portal.residents.known_places import known_places
from portal.residents.live_summary import live_summary
from portal.residents.own_rows import RowGone, posted_page, row_posted
from portal.residents.place_addresses import asks_both, place_addresses
from portal.residents.questions import Questions
from portal.residents.step_page import questions_as_typed, render_step, saved_words


@bp.post("/apply/d/<public_id>/<step_id>/autosave")
@allow(PUBLIC)
def autosave(public_id: str, step_id: str) -> Response:
    """Keep a page that is still being filled in: what is sound as answers, all else as it was typed."""
    unseen = late.kept_for_owner(public_id, step_id)
    if unseen is not None:
        return jsonify(saved=saved_words(unseen))
    application = _open(public_id, lock=True)
    step = application.step(step_id)
    try:
        form = posted_page(application, step)
    except RowGone as gone:
        return jsonify(saved=gone.message)
    take_out_removed_rows(application, application.file_slots_of(step, form), form)
    application.keep(step, read(application, step, form))
    return jsonify(saved=saved_words(application))


@bp.post("/apply/d/<public_id>/<step_id>/live")
@allow(PUBLIC)
def live(public_id: str, step_id: str) -> str:
    """The live region for answers as they stand on the page, and the questions that now show or hide. Nothing is kept."""
    application = _open(public_id)
    step = application.step(step_id)
    own = row_posted(application, step)
    form = posted_page(application, step)
    reading = read(application, step, form)
    affected = affected_places(application.definition, step)
    given = {**reading.answers, **reading.sound}  # a place shows although its row is not finished
    inspection = places.inspect_places(db(), application.definition, given, only=affected)
    elsewhere = {path: fact for path, fact in application.facts.items() if head_of(path) not in affected}
    facts = elsewhere | inspection.facts
    if any(inner.is_place for group in step.fields for inner in group_fields(group)):
        reading = application.read(step, form, on_page=on_page(), answers=given, facts=facts)
    application.outcome = application.judge(reading.answers, facts)
    questions = questions_as_typed(application, step, reading, {}, own=own)
    measures = live_summary(
        application.definition, step, application.outcome, inspection, given, errors=_of_what_was_given(reading)
    )
    measures.checks += room_for(application, step)
    return render_template(
        "residents/live.html",
        measures=measures,
        ways=conflict_options(application, step, given, inspection),
        questions=questions,
        changed=questions.changed(on_page()),
        addresses=place_addresses(application, step, given),
        places=_places_to_choose(application, step, questions, given) if asks_both(application, step) else (),
        full_dates=_full_dates(step, form),
        faults=sorted(faults_of(application, step, reading, inspection, given)),
    )


def _full_dates(step: Step, form: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    """What was typed at days that left their year open, and the same in full, by the name of the input."""
    full = with_full_dates(step, form, today())
    return {name: (texts[0], full[name][0]) for name, texts in form.items() if full[name] != texts}


@bp.post("/apply/d/<public_id>/<step_id>/options")
@allow(PUBLIC)
def options(public_id: str, step_id: str) -> Response:
    """The options that come up for what was typed into a question, as far as the answers of the page go. Nothing is kept."""
    application = _open(public_id)
    step = application.step(step_id)
    reading = read(application, step, posted_page(application, step))
    application.outcome = application.judge(reading.answers, application.facts)
    questions = questions_as_typed(application, step, reading, {}, own=row_posted(application, step))
    return jsonify(questions.options_found(request.form.get("find-options", "")))


def _places_to_choose(
    application: DraftApplication, step: Step, questions: Questions, given: Mapping[str, Any]
) -> list[tuple[str, Markup]]:
    """The places to choose from at the questions for one that are not answered yet, with what is known by the address on the page."""
    known = known_places(application.session, application.definition, given)
    return [
        (field.id, place_list(questions.page, field.id, ShownPlaces(known=known), ""))
        for field in step.fields
        if field.is_place and field.id not in given and not questions.searches.get(field.id)
    ]


def _of_what_was_given(reading: StepReading) -> dict[str, list[str]]:
    """What was objected to in answers that were given: what is still empty is not asked for while the page is filled in."""
    given = {head_of(name) for name, text in reading.raw.items() if text}
    return {path: sentences for path, sentences in reading.errors.items() if head_of(path) in given}


@bp.post("/apply/d/<public_id>/<step_id>/shift")
@allow(PUBLIC)
def shift(public_id: str, step_id: str) -> str:
    """Move a place out of the way of other permits.

    A page with scripts is told where to: its map makes the change, which can be undone and is saved like any other.
    Without a script the change is kept and the page shown again.
    """
    application = _open(public_id, lock=True)
    step = application.step(step_id)
    path = request.form.get("move-place", "")
    place = application.definition.question_at(path)
    if not isinstance(place, PlaceField) or head_of(path) not in {question.id for question in step.fields}:
        raise NotFound
    own = row_posted(application, step)
    form = posted_page(application, step)
    scripted = "HX-Request" in request.headers
    refused = {} if scripted else take_files(application, application.file_slots_of(step, form), form).refused
    reading = read(application, step, form)
    moved = move_aside(db(), application.definition, {**reading.answers, **reading.sound}, path)
    if scripted:
        return render_template("residents/moved.html", moved=moved)
    if moved.geometry:
        reading = _with_place(reading, path, place, moved.geometry)
    application.keep(step, reading)
    questions = questions_as_typed(application, step, reading, refused, own=own)
    return render_step(application, questions, places_of(application, step), moved=moved, own=own)


@bp.get("/apply/d/<public_id>/<step_id>/shift")
@allow(PUBLIC)
def shifted(public_id: str, step_id: str) -> Response:
    """The page itself, for a visitor who asks again for what was shown without a script (in another language)."""
    application = _open(public_id)
    return redirect(application.address(application.step(step_id)), 303)


def _with_place(reading: StepReading, path: str, place: FieldType, geometry: Mapping[str, Any]) -> StepReading:
    """The same page with another shape of a place, whose inputs follow it."""
    value = answer_at({**reading.answers, **reading.sound}, path) | {"geometry": geometry}
    here = reading.on_page(path)
    inputs = {f"{here}.{part}": text for part, text in place.inputs(value).items()}
    is_sound = answer_at(reading.answers, path) is not None
    typed = {name: text for name, text in reading.typed.items() if not name.startswith(f"{here}.")}
    return replace(
        reading,
        answers=with_answer(reading.answers, path, value) if is_sound else reading.answers,
        typed=typed if is_sound else typed | inputs,
        raw={name: text for name, text in reading.raw.items() if not name.startswith(f"{here}.")} | inputs,
    )


def _open(public_id: str, *, lock: bool = False) -> DraftApplication:
    application = open_application(db(), public_id, lock=lock)
    if application.is_sent:
        raise Conflict(_("この手続きは、もう送られています。"))
    return application
