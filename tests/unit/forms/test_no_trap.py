"""Whatever definition passes the check: nobody is stranded in it, no answer is lost, every fee is decided."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forms import Definition, Evaluation, check, document_of, load, load_document
from tests.unit.forms.making import TODAY, choice, choices, field, judged, text

Question = dict[str, Any]
MAX_NUMBER = 10
SETTINGS: Mapping[str, dict[str, Any]] = {
    "integer": {"min": 0, "max": MAX_NUMBER},
    "money": {"min": 0, "max": MAX_NUMBER},
    "yes_no": {},
    "text": {},
    "date": {},
}
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "integer": ("{q} > 4", "{q} == 0", "{q} / 3 >= 2", "answered({q})"),
    "money": ("{q} > 7", "!({q} <= 2)", "!answered({q})"),
    "yes_no": ("{q}", "!{q}", "answered({q})"),
    "text": ("size({q}) > 2", "{q} == ''", "!{q}.startsWith('道')"),
    "date": ("{q} >= date('2026-05-01')", "!answered({q})", "today() < {q}"),
    "choice": ("{q} == 'a'", "!({q} in ['a', 'b'])"),
    "choices": ("'a' in {q}", "size({q}) == 0", "!('b' in {q})"),
    "group": ("{q}.size() > 1", "{q}.exists(r, r.n > 4)", "{q}.all(r, r.n < 9)", "sum({q}.map(r, r.n)) > 9"),
}
AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "integer": ("{q} * 300", "{q} / 3 * 100", "1000 - {q} * 100", "900 - {q} * 100", "100 / ({q} + 1)", "100 / {q}"),
    "money": ("{q}", "max({q} - 500, 0)", "round_to({q} * 0.37, 10)"),
    "yes_no": ("{q} ? 300 : 0",),
    "text": ("size({q}) * 10",),
    "date": ("{q} > today() ? 200 : 100",),
    "choice": ("{q} == 'a' ? 800 : 400", "{{'a': 100, 'b': 200}}[{q}]"),
    "choices": ("size({q}) * 50",),
    "group": ("sum({q}.map(r, r.n)) * 20", "{q}.size() * 500"),
}
ANSWERS: Mapping[str, Callable[[Random], Any]] = {
    "integer": lambda random: random.randint(0, MAX_NUMBER),
    "money": lambda random: random.randint(0, MAX_NUMBER),
    "yes_no": lambda random: random.random() < 0.5,
    "text": lambda random: random.choice(["道", "道路", "曙町の道", "あ"]),
    "date": lambda random: random.choice(["2026-03-31", "2026-04-01", "2026-04-02", "2026-05-01", "2027-01-01"]),
    "choice": lambda random: random.choice("abc"),
    "choices": lambda random: random.choice([["a"], ["b"], ["a", "b"]]),
}


@st.composite
def conditions(draw: st.DrawFn, questions: list[Question]) -> str:
    """A condition over one or two of the questions."""
    of = [draw(st.sampled_from(questions)) for _ in range(draw(st.integers(1, 2)))]
    parts = [draw(st.sampled_from(CONDITIONS[question["type"]])).format(q=question["id"]) for question in of]
    return draw(st.sampled_from([" && ", " || "])).join(parts)


@st.composite
def questions_of(draw: st.DrawFn) -> list[Question]:
    """Questions of which some show, or are demanded, by others before them in an order that is not that of the pages."""
    made: list[Question] = []
    for number in range(draw(st.integers(2, 6))):
        name, kind = f"q{number}", draw(st.sampled_from(sorted(CONDITIONS)))
        if kind in ("choice", "choices"):
            question = (choice if kind == "choice" else choices)(name, "a", "b", "c")
        elif kind == "group":
            rows = [
                field("n", "integer", min=0, max=MAX_NUMBER),
                field("why", "text", show_when="n > 4", required=False),
            ]
            question = field(name, "group", fields=rows, min=draw(st.integers(0, 1)), max=3)
        else:
            question = field(name, kind, **SETTINGS[kind])
        if draw(st.booleans()):
            question["required"] = False
        elif made and kind != "group" and draw(st.integers(0, 3)) == 0:
            question["required_when"] = draw(conditions(made))
        if made and draw(st.booleans()):
            question["show_when"] = draw(conditions(made))
        made.append(question)
    return draw(st.permutations(made))


@st.composite
def definitions(draw: st.DrawFn) -> str:
    """A whole definition: pages, checks, fee lines, some of them for each row, a named value."""
    questions = draw(questions_of())
    half = draw(st.integers(1, len(questions)))
    pages = [page for page in (questions[:half], questions[half:]) if page]
    steps = [{"id": f"s{number}", "title": {"ja": "頁"}, "fields": page} for number, page in enumerate(pages)]
    for step in steps:
        if draw(st.booleans()):
            rule = draw(conditions(questions))
            level = draw(st.sampled_from(["error", "warning"]))
            step["checks"] = [{"assert": rule, "message": {"ja": "決まりです。"}, "level": level}]
    fee: list[dict[str, Any]] = []
    for question in draw(st.lists(st.sampled_from(questions), max_size=2)):
        line = {
            "label": {"ja": f"料{len(fee)}"},
            "amount": draw(st.sampled_from(AMOUNTS[question["type"]])).format(q=question["id"]),
        }
        if question["type"] == "group" and draw(st.booleans()):
            line |= {"each": question["id"], "amount": "n * 100"}
        elif draw(st.booleans()):
            line[draw(st.sampled_from(["applies_when", "waived_when"]))] = draw(conditions(questions))
        fee.append(line)
    compute = (
        [{"id": "total", "label": {"ja": "計"}, "value": draw(conditions(questions))}] if draw(st.booleans()) else []
    )
    return text(steps=steps, fee=fee, compute=compute)


def filled_in(definition: Definition, random: Random) -> tuple[dict[str, Any], Evaluation]:
    """Answers of somebody who answers whatever shows, page by page, and skips some of what may be left empty."""
    answers: dict[str, Any] = {}
    skipped: set[str] = set()
    while True:
        evaluation = judged(definition, answers)
        waiting = [
            path for path in evaluation.visible if path not in skipped and "." not in path and path not in answers
        ]
        if not waiting:
            return answers, evaluation
        for path in waiting:
            question = definition.fields[path]
            if not question.required and path not in evaluation.required and random.random() < 0.5:
                skipped.add(path)
            elif question.type == "group":
                rows = [{"n": random.randint(0, MAX_NUMBER)} for _ in range(random.randint(1, 3))]
                answers[path] = [
                    {**row, "why": "理由"} if row["n"] > 4 and random.random() < 0.5 else row for row in rows
                ]
            else:
                answers[path] = ANSWERS[question.type](random)
        skipped -= judged(definition, answers).required


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
        assert (evaluation.fee.total or 0) >= 0
        assert all(failure.judged and failure.message("ja") for failure in evaluation.check_failures)
        assert evaluation.complete or evaluation.errors, "whoever cannot go on is told why"
        through |= evaluation.complete
    assert through, "somebody gets through"


@pytest.mark.slow
@given(definitions())
def test_a_definition_written_out_and_read_again_is_the_same(source: str) -> None:
    try:
        definition = load(source)
    except ValueError:
        assume(False)
    document = document_of(definition)
    written = json.dumps(document, ensure_ascii=False)
    assert json.dumps(document_of(load(written)), ensure_ascii=False) == written
    assert json.dumps(document_of(load_document(document)), ensure_ascii=False) == written
