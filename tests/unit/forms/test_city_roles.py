"""Roles of a city's own: whoever may be named as the doer of a move, a stage or a reduction, in words everywhere."""

import json
from typing import Any

import pytest

from forms import CaseValues, DefinitionError, check, diff, document_of, load, load_document, settled_workflow
from forms.catalogue.vocabulary import Vocabulary, vocabulary_of
from tests.unit.forms import making

COST = making.field("cost", "money")
BY_AMOUNT: dict[str, Any] = {
    "preset": "notification",
    "moves": [
        {
            "id": "complete",
            "who": [{"role": "decider", "when": "cost <= 300000"}, {"role": "bucho", "when": "cost > 300000"}],
        }
    ],
}


@pytest.fixture
def roles() -> Vocabulary:
    return vocabulary_of({"roles": {"bucho": "部長", "welfare_officer": "福祉専門員"}})


def takers(text: str, roles: Vocabulary, cost: int) -> frozenset[str]:
    definition = load(text, vocabulary=roles)
    values = CaseValues(number="1", fee=0, submitted_on=making.TODAY)
    settled = settled_workflow(
        definition, {"cost": cost}, {}, today=making.TODAY, submitted_on=making.TODAY, case=values
    )
    return settled.move("accepted", "complete").roles


def test_over_an_amount_the_head_of_the_division_decides(roles: Vocabulary) -> None:
    text = making.text(COST, workflow=BY_AMOUNT)
    assert not [fault for fault in check(text, vocabulary=roles) if fault.severity == "error"]
    assert takers(text, roles, 300_000) == {"decider"}
    assert takers(text, roles, 300_001) == {"bucho"}


def test_a_gap_between_two_conditions_is_told_with_answers_that_lead_into_it(roles: Vocabulary) -> None:
    who = [{"role": "decider", "when": "cost < 300000"}, {"role": "bucho", "when": "cost > 300000"}]
    workflow = {"preset": "notification", "moves": [{"id": "complete", "who": who}], "drop": ["refuse", "withdraw"]}
    faults = check(making.text(COST, workflow=workflow), vocabulary=roles)
    assert any("終わりへ進め" in fault.message and "300" in fault.message + fault.remedy for fault in faults), faults


def test_a_role_that_the_city_does_not_have_is_a_fault_with_the_nearest(roles: Vocabulary) -> None:
    text = making.text(COST, workflow=BY_AMOUNT).replace('"bucho"', '"buchoo"')
    (fault,) = [fault for fault in check(text, vocabulary=roles) if fault.severity == "error"]
    assert fault.path == "workflow.moves.0.who.1.role"
    assert "「buchoo」という役割はありません。" in fault.message
    assert "bucho" in fault.remedy
    with pytest.raises(DefinitionError) as without:
        load(making.text(COST, workflow=BY_AMOUNT))
    assert "clerk(受付・審査)" in without.value.diagnostics[0].remedy


def test_stages_and_reductions_may_name_it_too(roles: Vocabulary) -> None:
    stage = {"id": "opinion", "title": {"ja": "専門員の意見"}, "after": "accepted", "role": "welfare_officer"}
    reduction = {"rate": 50, "when": "cost > 1", "decided_by": "bucho"}
    fee = [{"label": {"ja": "手数料"}, "amount": "300", "when": "submission", "reduction": reduction}]
    text = making.text(COST, workflow={"preset": "notification", "stages": [stage]}, fee=fee)
    assert not [fault for fault in check(text, vocabulary=roles) if "役割" in fault.message]
    paths = {fault.path for fault in check(text) if "役割" in fault.message}
    assert paths == {"workflow.stages.0.role", "fee.0.reduction.decided_by"}


def test_a_published_definition_keeps_the_roles_that_it_names(roles: Vocabulary) -> None:
    definition = load(making.text(COST, workflow=BY_AMOUNT), vocabulary=roles)
    document = document_of(definition)
    assert document["vocabulary"] == {"roles": {"bucho": "部長"}}
    assert load_document(json.loads(json.dumps(document))).vocabulary.roles["bucho"] == "部長"


def test_the_difference_calls_it_by_its_title(roles: Vocabulary) -> None:
    former = json.loads(json.dumps(BY_AMOUNT))
    former["moves"][0]["who"] = ["decider", "bucho"]
    later = json.loads(json.dumps(BY_AMOUNT))
    later["moves"][0]["who"] = ["decider", "welfare_officer"]
    before, after = (load(making.text(COST, workflow=use), vocabulary=roles) for use in (former, later))
    words = " ".join(f"{change.before} {change.after}" for change in diff(before, after))
    assert "部長" in words and "福祉専門員" in words and "bucho" not in words
