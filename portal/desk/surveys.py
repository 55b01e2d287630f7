"""Measured quantities of fees at the desk (実測): the estimate, what was entered, and the word of a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import (
    Case,
    SurveyEntry,
    SurveyInputs,
    case_of_figure,
    decide_figure,
    enter_figure,
    moves,
    survey_entries,
    surveyed_lines,
)
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.fee_forms import SurveyDecisionForm, SurveyForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.files import Upload, files_of_case, inspect_upload
from portal.payments import second_person_above

bp = Blueprint("desk_surveys", __name__, url_prefix="/desk")


@dataclass(frozen=True)
class SurveyedLine:
    """One line as it stands (the case's frozen line), what was entered for it, and its form for who may measure now."""

    key: str
    line: Mapping[str, Any]
    entries: list[SurveyEntry]
    form: SurveyForm
    may_measure: bool

    @property
    def waits(self) -> bool:
        """Whether a figure waits for a second person."""
        return any(entry.status == "requested" for entry in self.entries)


@bp.get("/cases/<int:case_id>/surveys")
@allow(right("case.read_answers"))
def surveys(case_id: int) -> str:
    """Every line with a measured quantity."""
    return _page(_case(case_id))


@bp.post("/cases/<int:case_id>/surveys")
@allow(right("case.read_answers"))
def enter(case_id: int) -> ResponseReturnValue:
    """Enter what was measured; `cases` asks for the role that the definition names."""
    case, form = _case(case_id), SurveyForm()

    def act() -> None:
        upload = form.added.data
        inputs = SurveyInputs(
            key=form.line.data,
            figure=form.figure.data,
            reason=form.reason.data,
            proof=form.proof.data,
            added=inspect_upload("added", Upload(upload.filename or "", upload.stream)) if upload else None,
        )
        enter_figure(db(), case.id, inputs, _actor(), roles=moves.roles_in(staff_member(), case))

    return _answer(case, try_action(db(), "survey", act, form), form)


@bp.post("/surveys/<int:figure_id>")
@allow(right("case.read_answers"))
def decide(figure_id: int) -> ResponseReturnValue:
    """A second person's word on a figure, or its withdrawal."""
    case, form = _case(case_of_figure(db(), figure_id)), SurveyDecisionForm()

    def act() -> None:
        if form.act.data not in {"approve", "reject"}:
            raise Invalid(_("どれか1つを選んでください。"))
        roles = moves.roles_in(staff_member(), case)
        decide_figure(db(), figure_id, _actor(), granted=form.act.data == "approve", roles=roles)

    return _answer(case, try_action(db(), "decide", act, form))


def _case(case_id: int) -> Case:
    case = case_for_staff(db(), case_id, staff_member())
    staff_member().require("case.read_answers", case.department_id)
    return case


def _answer(case: Case, rejected: RejectedAction | None, form: SurveyForm | None = None) -> ResponseReturnValue:
    if rejected:
        return _page(case, rejected, form), rejected.status
    return redirect(url_for("desk_surveys.surveys", case_id=case.id, **filter_arguments(request.args)), 303)


def _page(case: Case, rejected: RejectedAction | None = None, typed: SurveyForm | None = None) -> str:
    entries, files = survey_entries(db(), case.id), files_of_case(db(), case.id)
    roles = moves.roles_in(staff_member(), case)
    lines = []
    for key, line in surveyed_lines(case).items():
        form = typed if typed is not None and typed.line.data == key else SurveyForm(formdata=None, line=key)
        form.proof.choices = [("", _("下で添付する")), *((file.public_id, file.name) for file in files)]
        may_measure = line["survey"]["measured_by"] in roles and case.status != "no"
        lines.append(SurveyedLine(key, line, entries.get(key, []), form, may_measure))
    rendered = render_template(
        "desk/surveys.html",
        case=case,
        lines=lines,
        rejected=rejected,
        limit=second_person_above(db()),
        files={file.public_id: file for file in files},
        back=url_for("desk.case", case_id=case.id, **filter_arguments(request.args)),
        query=request.query_string.decode(),
    )
    record_look(db(), staff_member(), case=case)
    return rendered


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
