"""What an application takes from the earlier case that it follows (`based_on`): its number, days and amounts, and what the definition declares."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.earlier import EARLIER, RESULT_TYPES
from forms.evaluation.program import program_of
from forms.expressions.errors import ExpressionError
from forms.expressions.functions.dates import day
from forms.expressions.values import AbsentDate, ExpressionFailed, NotDecided
from forms.workflow.settling import case_scope
from portal import payouts
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.workflows import case_values
from portal.core import tenancy
from portal.core.clock import local_date
from portal.core.database import city_of
from portal.procedures import definition_of


def earlier_facts(session: Session, definition: Definition, earlier: Case | None) -> dict[str, Any]:
    """The values of the earlier case as facts of the application that follows it, under their own key; nothing for one that follows none.

    A value that cannot be worked out, because the earlier case has no such answer or is of a version that cannot say it, is not there.
    """
    if definition.based_on is None or earlier is None:
        return {}
    values: dict[str, Any] = {
        "number": earlier.number,
        "submitted_on": str(earlier.submitted_on),
        "fee": int(earlier.fee.get("total") or 0),
        "payout": sum(
            row.amount or 0 for row in payouts.open_payouts(session, earlier.id) if row.status != "requested"
        ),
    }
    if earlier.closed_at is not None:
        values["decided_on"] = str(local_date(earlier.closed_at))
    if definition.based_on.values:
        values |= _declared(session, definition, earlier)
    return {EARLIER: values}


def kept_earlier(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts of a draft or a case that speak of the case before it."""
    return {EARLIER: facts[EARLIER]} if EARLIER in facts else {}


def _declared(session: Session, definition: Definition, earlier: Case) -> dict[str, Any]:
    before = definition_of(session, earlier.version_id)
    city = city_of(session)
    answers = open_answers(city, earlier.answers)
    scope = case_scope(
        before,
        answers,
        earlier.facts,
        submitted_on=earlier.submitted_on,
        case=case_values(session, earlier, before),
        city=tenancy.city(city),
    )
    values: dict[str, Any] = {}
    for value in definition.based_on.values if definition.based_on else ():
        try:
            with day(earlier.submitted_on):
                result = (
                    program_of(before).language.compile(value.of, RESULT_TYPES[value.type], strict=True).value(scope)
                )
        except (ExpressionError, ExpressionFailed, NotDecided, AbsentDate):
            continue
        if result is not None:
            values[value.id] = _as_json(result)
    return values


def _as_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value
