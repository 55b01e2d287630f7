"""The form of a stage at the desk: filled in when the stage is passed, and all of a case's forms on a page to print."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms import Definition, StepReading, inputs_of, read_step
from portal.cases import (
    Case,
    SeenVersion,
    evaluate_form,
    filled_forms,
    finishing_move,
    form_to_fill,
    seen_version,
    sight_of,
)
from portal.cases.decisions import decide
from portal.cases.moves import MoveInputs, roles_in
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Forbidden
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import try_action
from portal.desk.stage_records import stage_records
from portal.desk.viewing import record_look
from portal.procedures import definition_of
from portal.residents.questions import Questions, questions_read

bp = Blueprint("desk_stage_forms", __name__, url_prefix="/desk")


@bp.get("/cases/<int:case_id>/stage-form")
@allow(right("case.see"))
def stage_form(case_id: int) -> ResponseReturnValue:
    """The form of the stage at which the case stands, for who may do the stage; a case at no such stage is shown itself."""
    case = case_for_staff(db(), case_id, staff_member())
    definition = definition_of(db(), case.version_id)
    form = form_to_fill(definition, case, _stage())
    if form is None:
        return _to_case(case)
    _require_role(case, definition)
    step = form.steps[0]
    page = Questions(form, step, evaluate_form(db(), form, {}), inputs_of(form, step.id, {}))
    return _page(case, definition, form, page)


@bp.post("/cases/<int:case_id>/stage-form")
@allow(right("case.see"))
def fill_stage_form(case_id: int) -> ResponseReturnValue:
    """Keep the form and pass the stage, both or neither; nothing typed is lost when something has to be corrected."""
    case = case_for_staff(db(), case_id, staff_member())
    definition = definition_of(db(), case.version_id)
    form = form_to_fill(definition, case, _stage())
    if form is None:
        return _to_case(case)
    _require_role(case, definition)
    step = form.steps[0]
    reading = read_step(form, step.id, _posted(), {}, {}, today=today(), city=current_city())
    if not reading.complete:
        return _page(case, definition, form, _typed(form, reading, reading.errors)), 422
    staff = staff_member()
    seen = SeenVersion.parse(request.form.get("case-seen"))
    move = finishing_move(definition, case, _stage())
    rejected = try_action(
        db(),
        move.id,
        lambda: decide(db(), case.id, move.id, staff, MoveInputs(form_answers=reading.answers), seen=seen),
    )
    if rejected is None:
        return _to_case(case)
    errors = {path: [sentence] for path, sentence in rejected.faults.items()}
    page = _page(case, definition, form, _typed(form, reading, errors), problem=rejected.message)
    return page, rejected.status


@bp.get("/cases/<int:case_id>/stage-forms")
@allow(right("case.see"))
def stage_forms(case_id: int) -> ResponseReturnValue:
    """Every form of the case that was filled in, to read and to print."""
    case = case_for_staff(db(), case_id, staff_member())
    sight = sight_of(staff_member(), case)
    if not (sight.answers or sight.place):
        raise Forbidden
    filled = stage_records(filled_forms(db(), case, definition_of(db(), case.version_id)))
    rendered = render_template("desk/stage_forms.html", case=case, filled=filled, back=_address(case))
    record_look(db(), staff_member(), case=case)
    return rendered


def _stage() -> str | None:
    """The stage that the page speaks of, where several stand at one state."""
    return request.args.get("stage")


def _require_role(case: Case, definition: Definition) -> None:
    if not roles_in(staff_member(), case) & finishing_move(definition, case, _stage()).roles:
        raise Forbidden


def _posted() -> Mapping[str, Sequence[str]]:
    """The posted answers; the page's own inputs carry a hyphen, which no question's id can have."""
    return {name: request.form.getlist(name) for name in request.form if "-" not in name and name != "csrf_token"}


def _typed(form: Definition, reading: StepReading, errors: Mapping[str, Sequence[str]]) -> Questions:
    return questions_read(form, form.steps[0], reading.evaluation, reading, errors)


def _page(case: Case, definition: Definition, form: Definition, questions: Questions, problem: str = "") -> str:
    stage = next(stage for stage in definition.workflow.stages if stage.id == form.steps[0].id)
    rendered = render_template(
        "desk/stage_form.html",
        case=case,
        form=form,
        stage=stage,
        questions=questions,
        problem=problem,
        move=finishing_move(definition, case, _stage()),
        back=_address(case),
        seen=seen_version(db(), case),
        query=filter_arguments(request.args) | ({"stage": stage.id} if stage.at else {}),
    )
    record_look(db(), staff_member(), case=case)
    return rendered


def _address(case: Case) -> str:
    return url_for("desk.case", case_id=case.id, **filter_arguments(request.args))


def _to_case(case: Case) -> ResponseReturnValue:
    return redirect(_address(case), 303)
