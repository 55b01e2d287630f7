"""A form of a stage that the applicant fills in after applying: 実績報告, 完了の報告. One page, sent as a move of the case."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Definition, inputs_of
from portal.cases import (
    Case,
    Outdated,
    SeenVersion,
    evaluate_form,
    finishing_move,
    form_to_fill,
    moves,
    refuse_outdated,
    seen_version,
)
from portal.cases.moves import MoveInputs, MoveOption
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.web import db
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.form_submission import on_page, posted, stays_on_page, take_files
from portal.residents.questions import Questions, questions_read
from portal.residents.stage_application import StageApplication

Answer = str | Response | tuple[str, int]


def reports(case: Case, definition: Definition) -> list[MoveOption]:
    """What the applicant is to fill in or confirm now, besides corrections and withdrawing."""
    options = moves.available(case, definition, ("applicant",))
    return [option for option in options if option.stage is not None]


@bp.get("/me/cases/<public_id>/forms/<stage>")
@allow(PUBLIC)
def stage_form(public_id: str, stage: str) -> Answer:
    """The form with the files that were chosen so far; a case that does not wait for it is shown itself."""
    application = open_stage_form(public_id, stage)
    if application is None:
        return redirect(url_for("residents.case", public_id=public_id), 303)
    form, step = application.definition, application.step
    inputs = {**inputs_of(form, step.id, {}), **application.kept_inputs()}
    outcome = evaluate_form(db(), form, {})
    return _page(application, Questions(form, step, outcome, inputs, **_with_files(application)))


@bp.post("/me/cases/<public_id>/forms/<stage>")
@allow(PUBLIC)
def send_stage_form(public_id: str, stage: str) -> Answer:
    """Send it: answers, files and move, all or nothing; nothing typed is lost when something has to be corrected."""
    application = open_stage_form(public_id, stage, lock=True)
    if application is None:
        return redirect(url_for("residents.case", public_id=public_id), 303)
    case, form = application.case, posted()
    taking = take_files(application, application.file_slots_of(application.step, form), form)
    reading = application.read(application.step, form, on_page=on_page())
    stays = stays_on_page()
    errors = ({} if stays else dict(reading.errors)) | taking.refused
    questions = questions_read(
        application.definition, application.step, reading.evaluation, reading, errors, **_with_files(application)
    )
    if errors or stays:
        return _page(application, questions), taking.status if taking.refused else 422 if errors else 200
    try:
        refuse_outdated(db(), case, SeenVersion.parse(request.form.get("case-seen")))
    except Outdated as outdated:
        return _page(application, questions, outdated.message), 409
    move = finishing_move(_definition(case), case, stage)
    inputs = MoveInputs(form_answers=reading.answers, form_files=tuple(application.to_hand_in(reading.answers)))
    moves.apply_transition(db(), case.id, move.id, visitor_access.actor(case), roles=("applicant",), inputs=inputs)
    return redirect(url_for("residents.case", public_id=public_id), 303)


def open_stage_form(public_id: str, stage: str, *, lock: bool = False) -> StageApplication | None:
    """The form of a stage of the visitor's case; None when it is not to be filled in now. NotFound for one of the office."""
    case = visitor_access.case(db(), public_id, lock=lock)
    form = _form(case, stage)
    return StageApplication(db(), form, {}, {}, case, stage) if form is not None else None


def _with_files(application: StageApplication) -> dict[str, Any]:
    """What the questions need to show files."""
    return {"files": application.files, "file_links": application.file_links}


def _definition(case: Case) -> Definition:
    return definition_of(db(), case.version_id)


def _form(case: Case, stage: str) -> Definition | None:
    """The form of a stage that is the applicant's. NotFound for one of the office."""
    if all(own.id != stage or own.role != "applicant" for own in _definition(case).workflow.stages):
        raise NotFound
    return form_to_fill(_definition(case), case, stage)


def _page(application: StageApplication, questions: Questions, problem: str = "") -> str:
    case = application.case
    definition = _definition(case)
    own = next(own for own in definition.workflow.stages if own.id == application.stage)
    return render_template(
        "residents/stage_form.html",
        case=case,
        definition=definition,
        stage=own,
        questions=questions,
        problem=problem,
        seen=seen_version(db(), case),
    )
