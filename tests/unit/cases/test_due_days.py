"""By when the city should have decided: what the answers make needless is not waited for."""

from datetime import date

import pytest

from common.open_days import add_open_days
from forms.catalogue.vocabulary import procedure_files
from forms.expressions.functions.dates import day
from forms.workflow.settling import CaseValues, case_scope, needless_stages
from portal.cases.rules import due_on
from tests.kit.catalogue import loaded

SUBMITTED = date(2026, 11, 24)


@pytest.mark.parametrize(("agrees", "open_days"), [(True, 10), (False, 30), (None, 30)])
def test_who_agrees_to_the_lowest_degree_of_damage_waits_for_no_survey(agrees: bool | None, open_days: int) -> None:
    definition = loaded(next(path for path in procedure_files() if path.stem == "disaster-certificate"))
    answers = {"cause": "earthquake", "parts": ["roof"], "self_assessment": agrees}
    scope = case_scope(definition, answers, {}, submitted_on=SUBMITTED, case=CaseValues(), city=None)
    with day(SUBMITTED):
        assert due_on(definition, SUBMITTED, needless_stages(definition, scope)) == add_open_days(SUBMITTED, open_days)
