"""What was measured of rows, when other rows are put in their place: it follows the row that it was measured of, or is measured again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.survey import SURVEYED, survey_key
from forms.fields.group import rows_of
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.survey_models import SurveyedFigure
from portal.core.clock import now
from portal.core.events import SYSTEM, record

_ON_ITS_WAY = -2
"""Places below this one belong to no row."""


def followed_rows(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Which row is which, by place: rows that say the same, and of as many rows as before those that were changed where they stand.

    Of rows that say the same nobody knows which one went; then none of them is followed.
    """
    same: dict[int, int] = {}
    for number, row in enumerate(before):
        if before.count(row) > 1 and before.count(row) != after.count(row):
            continue
        free = [place for place, other in enumerate(after) if other == row and place not in same.values()]
        if free:
            same[number] = number if number in free else free[0]
    if len(before) == len(after):
        left = (number for number in range(len(after)) if number not in same and number not in same.values())
        same |= {number: number for number in left}
    return same


def follow_rows(
    session: Session, case: Case, definition: Definition, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Let what was measured follow its rows from the answers before to those after. What waits for a second person and has lost its row is
    rejected. The case's row must be locked."""
    figures = dict(case.facts.get(SURVEYED, {}))
    for rule_id, rule in definition.fee_rules.items():
        if rule.surveyed is None or rule.each is None:
            continue
        rows, others = rows_of(before.get(rule.each)), rows_of(after.get(rule.each))
        places = followed_rows(rows, others)
        if all(places.get(number) == number for number in range(len(rows))):
            continue
        known = {number: figures.pop(survey_key(rule_id, number), None) for number in range(len(rows))}
        figures |= {
            survey_key(rule_id, place): known[number] for number, place in places.items() if known[number] is not None
        }
        _move_entries(session, case.id, rule_id, places)
    if figures != case.facts.get(SURVEYED, {}):
        case.facts = {**case.facts, SURVEYED: figures}


def _move_entries(session: Session, case_id: int, rule_id: str, places: Mapping[int, int]) -> None:
    query = select(SurveyedFigure).where(SurveyedFigure.case_id == case_id, SurveyedFigure.rule_id == rule_id)
    entries = [(entry, entry.row) for entry in session.scalars(query.order_by(SurveyedFigure.id))]
    for number, (entry, _row) in enumerate(entries):
        if entry.status == "requested":  # one waits for each row: out of the way before another takes its place
            entry.row = _ON_ITS_WAY - number
    session.flush()
    for entry, row in entries:
        entry.row = None if row is None else places.get(row)
        if entry.row is None and entry.status == "requested":
            entry.status, entry.decided_at = "rejected", now()
            figures = {"line": rule_id, "figure": entry.figure, "before": entry.before, "amount": entry.amount}
            record(session, of_case(case_id), "case.survey_rejected", SYSTEM, **figures)
    session.flush()
