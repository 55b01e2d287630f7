"""The form of a stage at the desk: filled in when the stage is passed, and all of a case's forms on a page to print."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms import Definition, inputs_of
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
from portal.core.errors import Forbidden
from portal.core.web import db
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import try_action
from portal.desk.stage_application import DeskStageApplication
from portal.desk.stage_records import stage_records
from portal.desk.viewing import record_look
from portal.procedures import definition_of
from portal.residents.form_submission import on_page, posted, stays_on_page, take_files
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
    application, step = _application(case, form), form.steps[0]
    inputs = {**inputs_of(form, step.id, {}), **application.kept_inputs()}
    page = Questions(form, step, evaluate_form(db(), form, {}), inputs, **_with_files(application))
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
    application, step, sent = _application(case, form), form.steps[0], posted()
    taking = take_files(application, application.file_slots_of(step, sent), sent)
    reading = application.read(step, sent, on_page=on_page())
    stays = stays_on_page()
    refused = ({} if stays else dict(reading.errors)) | taking.refused
    files = _with_files(application)
    if refused or stays:
        page = questions_read(form, step, reading.evaluation, reading, refused, **files)
        return _page(case, definition, form, page), taking.status if taking.refused else 422 if refused else 200
    staff = staff_member()
    seen = SeenVersion.parse(request.form.get("case-seen"))
    move = finishing_move(definition, case, _stage())
    inputs = MoveInputs(form_answers=reading.answers, form_files=tuple(application.to_hand_in(reading.answers)))
    rejected = try_action(db(), move.id, lambda: decide(db(), case.id, move.id, staff, inputs, seen=seen))
    if rejected is None:
        return _to_case(case)
    errors = {path: [sentence] for path, sentence in rejected.faults.items()}
    page = questions_read(form, step, reading.evaluation, reading, errors, **files)
    return _page(case, definition, form, page, problem=rejected.message), rejected.status


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


def _application(case: Case, form: Definition) -> DeskStageApplication:
    return DeskStageApplication(db(), form, {}, {}, case, form.steps[0].id)


def _with_files(application: DeskStageApplication) -> dict[str, Any]:
    """What the questions need to show files."""
    return {"files": application.files, "file_links": application.file_links}


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
