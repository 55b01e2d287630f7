"""Whatever definition passes the check: nobody is stranded in it, no answer is lost, every fee is decided."""

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forms import Definition, Evaluation, check, document_of, load, load_document
from forms.checks.samples import samples
from forms.definition.diagnostics import Diagnostic
from forms.evaluation.earlier import EARLIER
from forms.evaluation.workflow_scope import CaseValues
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.choice import ChoiceField
from forms.fields.place import PlaceField
from forms.workflow.machine import Workflow
from forms.workflow.settling import settled_workflow
from forms.workflow.ways import traps
from tests.unit.forms.generated import definitions, with_examples
from tests.unit.forms.generated_questions import MAX_NUMBER
from tests.unit.forms.making import TODAY, judged

TEXTS = ["道", "道路", "曙町の道", "あ"]
DAYS = ["2026-03-31", "2026-04-01", "2026-04-02", "2026-04-05", "2026-05-01", "2026-05-02", "2027-01-01"]


def answer_to(question: FieldType, random: Random, evaluation: Evaluation) -> Any:
    """Some sound answer to a question."""
    if isinstance(question, GroupField):
        rows = random.randint(max(question.least, 1), question.most)
        return [
            {
                inner.id: answer_to(inner, random, evaluation)
                for inner in question.fields
                if inner.show_when is None and (inner.required or random.random() < 0.5)
            }
            for _ in range(rows)
        ]
    if question.type in ("integer", "money"):
        return random.randint(0, MAX_NUMBER)
    if question.type in ("text", "date"):
        return random.choice(TEXTS if question.type == "text" else DAYS)
    if question.type == "date_range":
        start = date.fromisoformat(random.choice(DAYS))
        return {"start": start.isoformat(), "end": (start + timedelta(days=random.randint(0, 5))).isoformat()}
    if question.type == "time":
        return random.choice(["09:00", "09:30", "10:00", "16:30"])
    sound = samples(question, ReadContext(TODAY))
    if isinstance(question, ChoiceField) and evaluation.offers is not None:
        offered = {option.id for option in evaluation.offers.shown(question)}
        sound = [answer for answer in sound if question.id_of(answer) in offered]
    return random.choice(sound)


def facts_of(definition: Definition, answers: dict[str, Any], random: Random) -> dict[str, Any]:
    """What the map says of the places that are answered: something or nothing."""
    of_a_place = [{"zone": "home", "depth": 0.7}, {"zone": "park"}, {}]
    return {
        path: random.choice(of_a_place)
        for path, question in definition.fields.items()
        if isinstance(question, PlaceField) and path in answers
    }


def earlier_case(random: Random) -> dict[str, Any]:
    """What is known of the case that this one follows; what it did not answer itself is not."""
    of_every_case = {"number": "道-2026-000001", "submitted_on": "2026-02-02", "fee": random.choice([0, 1200])}
    declared = {"left": random.randint(0, MAX_NUMBER), "until": random.choice(DAYS)}
    return of_every_case | {name: value for name, value in declared.items() if random.random() < 0.8}


def is_a_trap(diagnostic: Diagnostic) -> bool:
    """Whether the author is told of somebody who cannot apply: as an error, or as advice where it depends on the map or an earlier case."""
    return diagnostic.severity == "error" or "申請できない人がいます" in diagnostic.message


def made_of_forms(definition: Definition, random: Random) -> dict[str, dict[str, Any]]:
    """What the office wrote down in the forms of its stages."""
    return {stage: filled_in(form, random)[0] for stage, form in definition.stage_forms.items()}


def way_of_the_case(definition: Definition, answers: dict[str, Any], facts: dict[str, Any], random: Random) -> Workflow:
    """The workflow as it is for an application, with its moves that nobody may take left out."""
    fee = judged(definition, answers, facts).fee
    values = CaseValues(
        fee=fee.due("submission") + fee.due("approved"), submitted_on=TODAY, stages=made_of_forms(definition, random)
    )
    return settled_workflow(definition, answers, facts, today=TODAY, submitted_on=TODAY, case=values)


def filled_in(definition: Definition, random: Random) -> tuple[dict[str, Any], dict[str, Any], Evaluation]:
    """Answers and facts of somebody who answers whatever shows, page by page, and skips some of what may be left empty."""
    answers: dict[str, Any] = {}
    facts: dict[str, Any] = {EARLIER: earlier_case(random)} if definition.based_on else {}
    skipped: set[str] = set()
    while True:
        evaluation = judged(definition, answers, facts)
        waiting = [
            path for path in evaluation.visible if path not in skipped and "." not in path and path not in answers
        ]
        if not waiting:
            return answers, facts, evaluation
        for path in waiting:
            question = definition.fields[path]
            if not question.required and path not in evaluation.required and random.random() < 0.5:
                skipped.add(path)
                continue
            answers[path] = answer_to(question, random, evaluation)
        facts |= {path: fact for path, fact in facts_of(definition, answers, random).items() if path not in facts}
        skipped -= judged(definition, answers, facts).required


@pytest.mark.slow
@settings(max_examples=25)
@given(definitions(), st.integers(0, 2**32))
def test_what_passes_the_check_strands_nobody(source: str, seed: int) -> None:
    assume(not any(map(is_a_trap, check(source, today=TODAY))))
    definition, random = load(source), Random(seed)
    through = False
    for number in range(300):
        if through and number >= 8:
            break
        answers, facts, evaluation = filled_in(definition, random)
        assert not evaluation.field_errors, "everything that shows was answered soundly"
        shown = {path: value for path, value in answers.items() if evaluation.is_visible(path)}
        assert shown == {path: evaluation.answers.get(path) for path in shown}, "no answer is lost"
        assert evaluation.answers.keys() <= set(evaluation.visible), "and none is kept that is no longer asked"
        assert evaluation.fee.decided
        assert evaluation.payout.decided
        assert not evaluation.places.undecided, "and every place that is taken"
        assert (evaluation.fee.total or 0) >= 0
        assert all(failure.judged and failure.message("ja") for failure in evaluation.check_failures)
        assert evaluation.complete or evaluation.errors, "whoever cannot go on is told why"
        if evaluation.complete:
            assert all(need.email for need in evaluation.consents), "everybody whose consent is needed can be reached"
            assert not traps(way_of_the_case(definition, answers, facts, random)), "and the case comes to an end"
        through |= evaluation.complete
    assert through, "somebody gets through"


@pytest.mark.slow
@given(with_examples())
def test_a_definition_written_out_and_read_again_is_the_same(source: str) -> None:
    try:
        definition = load(source)
    except ValueError:
        assume(False)
    document = document_of(definition)
    written = json.dumps(document, ensure_ascii=False)
    assert json.dumps(document_of(load(written)), ensure_ascii=False) == written
    assert json.dumps(document_of(load_document(document)), ensure_ascii=False) == written
