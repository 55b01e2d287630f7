"""Measured quantities of fees at the desk (実測): the estimate, what was entered, and the word of a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint
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
from portal.core.access import allow, right, staff_member
from portal.core.web import db
from portal.desk.fee_forms import DecisionForm, SurveyForm
from portal.desk.fee_pages import answer, case_of_page, fee_actor, fee_page, try_decision
from portal.desk.rejected_action import RejectedAction, try_action
from portal.files import files_of_case

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
    return _page(case_of_page(case_id, "case.read_answers"))


@bp.post("/cases/<int:case_id>/surveys")
@allow(right("case.read_answers"))
def enter(case_id: int) -> ResponseReturnValue:
    """Enter what was measured; `cases` asks for the role that the definition names."""
    case, form = case_of_page(case_id, "case.read_answers"), SurveyForm()

    def act() -> None:
        inputs = SurveyInputs(
            key=form.line.data,
            figure=form.figure.data,
            reason=form.reason.data,
            proof=form.proof.data,
            added=form.inspected,
        )
        enter_figure(db(), case.id, inputs, fee_actor(), roles=moves.roles_in(staff_member(), case))

    rejected = try_action(db(), "survey", act, form)
    return answer(case, "desk_surveys.surveys", rejected, lambda: _page(case, rejected, form))


@bp.post("/surveys/<int:figure_id>")
@allow(right("case.read_answers"))
def decide(figure_id: int) -> ResponseReturnValue:
    """A second person's word on a figure, or its withdrawal."""
    case = case_of_page(case_of_figure(db(), figure_id), "case.read_answers")
    settle = partial(decide_figure, db(), figure_id, fee_actor(), roles=moves.roles_in(staff_member(), case))
    ways = {"approve": partial(settle, granted=True), "reject": partial(settle, granted=False)}
    rejected = try_decision(DecisionForm(), ways)
    return answer(case, "desk_surveys.surveys", rejected, lambda: _page(case, rejected))


def _page(case: Case, rejected: RejectedAction | None = None, typed: SurveyForm | None = None) -> str:
    entries, files = survey_entries(db(), case.id), files_of_case(db(), case.id)
    roles = moves.roles_in(staff_member(), case)
    lines = []
    for key, line in surveyed_lines(case).items():
        form = typed if typed is not None and typed.line.data == key else SurveyForm(formdata=None, line=key)
        form.offer(files)
        may_measure = line["survey"]["measured_by"] in roles and case.status != "no"
        lines.append(SurveyedLine(key, line, entries.get(key, []), form, may_measure))
    return fee_page("desk/surveys.html", case, files, lines=lines, rejected=rejected)
