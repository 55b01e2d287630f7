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
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.choice import ChoiceField
from forms.fields.place import PlaceField
from tests.unit.forms.generated import MAX_NUMBER, definitions, with_examples
from tests.unit.forms.making import TODAY, judged

TEXTS = ["道", "道路", "曙町の道", "あ"]
DAYS = ["2026-03-31", "2026-04-01", "2026-04-02", "2026-05-01", "2027-01-01"]


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


def filled_in(definition: Definition, random: Random) -> tuple[dict[str, Any], Evaluation]:
    """Answers of somebody who answers whatever shows, page by page, and skips some of what may be left empty."""
    answers: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    skipped: set[str] = set()
    while True:
        evaluation = judged(definition, answers, facts)
        waiting = [
            path for path in evaluation.visible if path not in skipped and "." not in path and path not in answers
        ]
        if not waiting:
            return answers, evaluation
        for path in waiting:
            question = definition.fields[path]
            if not question.required and path not in evaluation.required and random.random() < 0.5:
                skipped.add(path)
                continue
            answers[path] = answer_to(question, random, evaluation)
        facts |= {path: fact for path, fact in facts_of(definition, answers, random).items() if path not in facts}
        skipped -= judged(definition, answers, facts).required


@pytest.mark.slow
@settings(max_examples=40)
@given(definitions(), st.integers(0, 2**32))
def test_what_passes_the_check_strands_nobody(source: str, seed: int) -> None:
    assume(not [diagnostic for diagnostic in check(source, today=TODAY) if diagnostic.severity == "error"])
    definition, random = load(source), Random(seed)
    through = False
    for number in range(60):
        if through and number >= 8:
            break
        answers, evaluation = filled_in(definition, random)
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
