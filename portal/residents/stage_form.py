"""A form of a stage that the applicant fills in after applying: 実績報告, 完了の報告. One page, sent as a move of the case."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Definition, inputs_of, read_step
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
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.core.web import db
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.form_submission import posted
from portal.residents.questions import Questions, questions_read

Answer = str | Response | tuple[str, int]


def reports(case: Case, definition: Definition) -> list[MoveOption]:
    """What the applicant is to fill in or confirm now, besides corrections and withdrawing."""
    options = moves.available(case, definition, ("applicant",))
    return [option for option in options if option.stage is not None]


@bp.get("/me/cases/<public_id>/forms/<stage>")
@allow(PUBLIC)
def stage_form(public_id: str, stage: str) -> Answer:
    """The empty form; a case that does not wait for it is shown itself."""
    case = visitor_access.case(db(), public_id)
    form = _form(case, stage)
    if form is None:
        return redirect(url_for("residents.case", public_id=public_id), 303)
    step = form.steps[0]
    return _page(case, stage, Questions(form, step, evaluate_form(db(), form, {}), inputs_of(form, step.id, {})))


@bp.post("/me/cases/<public_id>/forms/<stage>")
@allow(PUBLIC)
def send_stage_form(public_id: str, stage: str) -> Answer:
    """Send it: the answers and the move, both or neither; nothing typed is lost when something has to be corrected."""
    case = visitor_access.case(db(), public_id, lock=True)
    form = _form(case, stage)
    if form is None:
        return redirect(url_for("residents.case", public_id=public_id), 303)
    step = form.steps[0]
    reading = read_step(
        form, step.id, posted(), {}, {}, today=today(), language=current_language(), city=current_city()
    )
    questions = questions_read(form, step, reading.evaluation, reading, reading.errors)
    if not reading.complete:
        return _page(case, stage, questions), 422
    try:
        refuse_outdated(db(), case, SeenVersion.parse(request.form.get("case-seen")))
    except Outdated as outdated:
        return _page(case, stage, questions, outdated.message), 409
    move = finishing_move(_definition(case), case, stage)
    inputs = MoveInputs(form_answers=reading.answers)
    moves.apply_transition(db(), case.id, move.id, visitor_access.actor(case), roles=("applicant",), inputs=inputs)
    return redirect(url_for("residents.case", public_id=public_id), 303)


def _definition(case: Case) -> Definition:
    return definition_of(db(), case.version_id)


def _form(case: Case, stage: str) -> Definition | None:
    """The form of a stage that is the applicant's. NotFound for one of the office."""
    if all(own.id != stage or own.role != "applicant" for own in _definition(case).workflow.stages):
        raise NotFound
    return form_to_fill(_definition(case), case, stage)


def _page(case: Case, stage: str, questions: Questions, problem: str = "") -> str:
    definition = _definition(case)
    own = next(own for own in definition.workflow.stages if own.id == stage)
    return render_template(
        "residents/stage_form.html",
        case=case,
        definition=definition,
        stage=own,
        questions=questions,
        problem=problem,
        seen=seen_version(db(), case),
    )
