"""Definitions made up of every part of the language, for properties that hold whatever a department writes."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.unit.forms.generated_questions import RATES, Question, conditions, kind_of, questions_of
from tests.unit.forms.generated_workflow import BASED_ON, EARLIER, consents, workflow
from tests.unit.forms.making import field, text

#: What a line of the fee may come to by it.
AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "integer": ("{q} * 300", "{q} / 3 * 100", "1000 - {q} * 100", "900 - {q} * 100", "100 / ({q} + 1)", "100 / {q}"),
    "money": ("{q}", "max({q} - 500, 0)", "round_to({q} * 0.37, 10)"),
    "yes_no": ("{q} ? 300 : 0", "no({q}) ? 0 : 50"),
    "text": ("size({q}) * 10",),
    "date": ("{q} > today() ? 200 : 100", "rates.price('k1', {q})"),
    "date_range": ("{q}.days * 10", "{q}.months * 100"),
    "time": ("minutes_between('09:00', {q}) * 2", "{q} >= '10:00' ? 300 : 100"),
    "choice": ("{q} == 'a' ? 800 : 400", "{{'a': 100, 'b': 200}}[{q}]"),
    "choices": ("size({q}) * 50",),
    "listed": ("{q}.price * 2", "rates.has({q}) ? rates.price({q}) : 0"),
    "ranking": ("size({q}) * 30",),
    "matrix": ("{q}.points * 10",),
    "quantities": ("{q}.price", "{q}.count * 5"),
    "person": ("answered({q}) ? 100 : 0",),
    "address": ("{q}.city == '立川市' ? 0 : 100",),
    "earlier": ("earlier.fee", "found(earlier.left) ? earlier.left * 100 : 0", "earlier.left * 10"),
    "appointment": ("{q}.minutes * 10", "{q}.day < today() + days(5) ? 100 : 0"),
    "point": ("{q}.depth * 100", "{q}.zone == 'home' ? 0 : 500"),
    "group": ("sum({q}.map(r, r.{q}_double)) * 20", "{q}.size() * 500"),
    "nested": ("sum({q}.map(r, sum(r.{q}_jobs.map(j, j.{q}_pay)))) * 10",),
}


def _fee_line(draw: st.DrawFn, number: int, question: Question, questions: list[Question]) -> Question:
    kind, name = kind_of(question), question["id"]
    line: Question = {
        "id": f"line_{number}",
        "label": {"ja": f"料{number}"},
        "amount": draw(st.sampled_from(AMOUNTS[kind])).format(q=name),
    }
    way = draw(
        st.sampled_from(["plain", "when", "each", "surveyed", "instalments", "periods", "reduced", "deposit", "bounds"])
    )
    match way:
        case "when":
            line[draw(st.sampled_from(["applies_when", "waived_when"]))] = draw(conditions(questions))
        case "each" if kind == "group":
            line |= {"each": name, "amount": f"{name}_double * 100"}
        case "surveyed":
            survey = {"id": "measured", "label": {"ja": "実測"}, "unit": {"ja": "個"}, "advance": draw(st.booleans())}
            estimate = f"{name}" if kind in ("integer", "money") else "2"
            line |= {"amount": "measured * 100", "surveyed": survey | {"estimate": estimate}, "when": "approved"}
        case "instalments":
            line["schedule"] = {"every": "month", "instalments": draw(st.sampled_from(["2", "3"])), "due": {"days": 30}}
        case "periods":
            line["schedule"] = {"every": "month", "periods": "2", "from": "month_start(today())", "due": {"day": 31}}
        case "reduced":
            line["reduction"] = {"label": {"ja": "減免"}, "when": draw(conditions(questions)), "rate": 50}
        case "deposit":
            line |= {"deposit": True, "returned_in": ["completed"]}
        case "bounds":
            line |= {"minimum": 100, "maximum": 3000, "rounding": "up", "round_to": 10}
    return line


def _places(draw: st.DrawFn, questions: list[Question]) -> list[Question]:
    """Limited places by one of the questions, drawn by lot or by points where it ranks."""
    keys = [question for question in questions if kind_of(question) in ("choice", "listed", "ranking", "date")]
    if not keys:
        return []
    key = draw(st.sampled_from(keys))
    rule: Question = {
        "id": "places",
        "label": {"ja": "定員"},
        "by": [key["id"]],
        "limit": draw(st.sampled_from(["3", "1"])),
    }
    if kind_of(key) == "ranking":
        rule |= {"wishes": [key["id"]], "allocation": draw(st.sampled_from(["lottery", "points"]))}
    elif kind_of(key) in ("choice", "listed") and draw(st.booleans()):
        rule |= {"allocation": draw(st.sampled_from(["lottery", "points"])), "wishes": [key["id"]]}
    if rule.get("allocation") == "points":
        others = [question for question in questions if question is not key]
        counted = [draw(conditions(others)) for _ in range(draw(st.integers(1, 2)))] if others else ["true"]
        rule["points"] = [f"({condition}) ? 10 : 0" for condition in counted]
    return [rule]


@st.composite
def definitions(draw: st.DrawFn) -> str:
    """A whole definition: pages, checks, fee lines of every kind, named values, places, money out, a stage, consents, states."""
    known = [EARLIER] if draw(st.integers(0, 3)) == 0 else []
    questions = draw(questions_of(known))
    half = draw(st.integers(1, len(questions)))
    pages = [page for page in (questions[:half], questions[half:]) if page]
    steps = [{"id": f"s{number}", "title": "申請の内容", "fields": page} for number, page in enumerate(pages)]
    for step in steps:
        if draw(st.booleans()):
            rule, level = draw(conditions([*questions, *known])), draw(st.sampled_from(["error", "warning"]))
            step["checks"] = [{"assert": rule, "message": {"ja": "決まりです。"}, "level": level}]
    fee = [
        _fee_line(draw, number, question, [*questions, *known])
        for number, question in enumerate(draw(st.lists(st.sampled_from([*questions, *known]), max_size=2)))
    ]
    more: dict[str, Any] = {"compute": [], **({"based_on": BASED_ON} if known else {})}
    if draw(st.booleans()):
        more["compute"] = [{"id": "total", "label": {"ja": "計"}, "value": draw(conditions(questions))}]
    if draw(st.integers(0, 2)) == 0:
        more["capacity"] = _places(draw, questions)
    if draw(st.integers(0, 3)) == 0:
        steps[-1]["fields"] = [*steps[-1]["fields"], {"id": "account", "item": "person.bank_account"}]
        amount = draw(st.sampled_from(["1000", "2500.5 * 2"]))
        grant = {"id": "grant", "label": {"ja": "補助金"}, "amount": amount, "account": "account"}
        more["payout"] = [grant | {"budget": {"id": "year", "total": 100_000}}]
    if draw(st.integers(0, 3)) == 0:
        form = {"fields": [field("width", "integer", min=0), "visit.day"], "checks": []}
        stage = {"id": "look", "title": {"ja": "現地確認"}, "after": "accepted", "role": "inspector", "form": form}
        more["workflow"] = {"preset": "notification", "stages": [stage]}
    if draw(st.integers(0, 3)) == 0:
        more["consents"], their_questions = consents(draw, [*questions, *known])
        steps[-1]["fields"] = [*steps[-1]["fields"], *their_questions]
    if "workflow" not in more and draw(st.integers(0, 2)) == 0:
        more["workflow"] = workflow(draw, [*questions, *known])
    tables = [RATES] if "rates." in repr(fee) or '"rates"' in repr(steps) or "'rates'" in repr(steps) else []
    return text(steps=steps, fee=fee, tables=tables, **more)


@st.composite
def with_examples(draw: st.DrawFn) -> str:
    """A definition with an example and another that is like it."""
    source = draw(definitions())
    first = {
        "name": "一つめ",
        "on": "2026-04-01",
        "answers": {},
        "expect": {"errors": draw(st.lists(st.sampled_from(["q0", "q1"]), max_size=1))},
    }
    second = {"name": "二つめ", "like": "一つめ", "answers": {"q0": None}, "expect": {}}
    return source[: source.rindex("}")] + f', "examples": {json.dumps([first, second], ensure_ascii=False)}}}'
