"""What is measured of the fees of a case (実測): which lines, what was entered so far, and that nobody approves before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forms.evaluation.survey import SURVEYED, survey_key
from portal.cases.models import Case
from portal.cases.scheduled_fees import current_lines
from portal.cases.survey_models import SurveyedFigure
from portal.core.errors import Conflict
from portal.core.text import _
from portal.identity import staff_name


@dataclass(frozen=True)
class SurveyEntry:
    """A figure as pages show it: `before` and `amount` are the yen of its line without it and with it."""

    id: int
    figure: str
    before: int
    amount: int
    reason: str
    proof: str
    status: str
    requested_by: int
    requested_by_name: str
    requested_at: datetime


def surveyed_lines(case: Case) -> dict[str, dict[str, Any]]:
    """Return the lines of the fee with a measured quantity, as they stand, by `survey_key`."""
    return {
        survey_key(line["id"], line["row"]): line
        for line in current_lines(case.fee or {"lines": []})
        if "survey" in line
    }


def survey_entries(session: Session, case_id: int) -> dict[str, list[SurveyEntry]]:
    """Return what was measured of each line of a case (by `survey_key`), oldest first."""
    query = (
        select(SurveyedFigure, staff_name(SurveyedFigure.requested_by))
        .where(SurveyedFigure.case_id == case_id)
        .order_by(SurveyedFigure.id)
    )
    entries: dict[str, list[SurveyEntry]] = {}
    for row, name in session.execute(query):
        entry = SurveyEntry(
            row.id,
            row.figure,
            row.before,
            row.amount,
            row.reason,
            row.proof,
            row.status,
            row.requested_by,
            name or "",
            row.requested_at,
        )
        entries.setdefault(survey_key(row.rule_id, row.row), []).append(entry)
    return entries


def kept_figures(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the facts of a case that say what was measured."""
    return {SURVEYED: facts[SURVEYED]} if SURVEYED in facts else {}


def refuse_unsurveyed(session: Session, case: Case) -> None:
    """Raise Conflict while a quantity is not measured, or waits for a second person: nobody could say what is due."""
    lines = surveyed_lines(case)
    if any(line["state"] == "survey" for line in lines.values()):
        raise Conflict(_("実測で決まる料金があります。先に、実測した値を入れてください。"))
    if lines and session.scalar(select(requested_figures(case.id).exists())):
        raise Conflict(_("実測した値が、承認を待っています。先に、承認するかどうかを決めてください。"))


def requested_figures(case_id: int, line: Mapping[str, Any] | None = None) -> Select[int]:
    """The figures of a case, or of one of its lines, that wait for a second person."""
    query = select(SurveyedFigure.id).where(SurveyedFigure.case_id == case_id, SurveyedFigure.status == "requested")
    if line is None:
        return query
    return query.where(SurveyedFigure.rule_id == line["id"], SurveyedFigure.row.is_not_distinct_from(line["row"]))
