"""Definitions made up of every part of the language, for properties that hold whatever a department writes."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.unit.forms.making import choice, choices, field, text

Question = dict[str, Any]
MAX_NUMBER = 10

#: What expressions may say of an answer to each kind of question (`{q}`).
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "integer": ("{q} > 4", "{q} == 0", "{q} / 3 >= 2", "answered({q})"),
    "money": ("{q} > 7", "!({q} <= 2)", "!answered({q})"),
    "yes_no": ("{q}", "!{q}", "no({q})", "!no({q})", "answered({q})"),
    "text": ("size({q}) > 2", "{q} == ''", "!{q}.startsWith('道')"),
    "date": ("{q} >= date('2026-05-01')", "!answered({q})", "today() < {q}", "fiscal_year_start({q}) <= today()", "weekday({q}) > 5"),
    "date_range": ("{q}.days > 2", "!answered({q})", "{q}.start > today()", "holidays_between({q}.start, {q}.end) > 0"),
    "time": ("{q} >= '10:00'", "!answered({q})", "minutes_between('09:00', {q}) > 30"),
    "choice": ("{q} == 'a'", "!({q} in ['a', 'b'])"),
    "choices": ("'a' in {q}", "size({q}) == 0", "!('b' in {q})"),
    "listed": ("{q} == 'k1'", "{q}.price > 150", "!answered({q})"),
    "ranking": ("rank({q}, 'a') == 1", "size({q}) > 1", "'c' in {q}"),
    "matrix": ("{q}.walking == 'alone'", "{q}.points > 1"),
    "quantities": ("{q}.count > 1", "!answered({q})"),
    "person": ("answered({q})", "{q}.family == '佐藤'"),
    "address": ("answered({q})", "{q}.city == '立川市'"),
    "point": ("answered({q})", "{q}.zone == 'home'", "!found({q}.zone)", "{q}.depth > 0.5"),
    "group": (
        "{q}.size() > 1", "{q}.exists(r, r.{q}_n > 4)", "{q}.all(r, r.{q}_double < 19)",
        "sum({q}.map(r, r.{q}_double)) > 9", "{q}.exists(r, no(r.{q}_sure))",
    ),
    "nested": ("{q}.size() > 1", "{q}.exists(r, r.{q}_jobs.exists(j, j.{q}_pay > 4))", "sum({q}.map(r, sum(r.{q}_jobs.map(j, j.{q}_pay)))) > 7"),
}  # fmt: skip
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
    "point": ("{q}.depth * 100", "{q}.zone == 'home' ? 0 : 500"),
    "group": ("sum({q}.map(r, r.{q}_double)) * 20", "{q}.size() * 500"),
    "nested": ("sum({q}.map(r, sum(r.{q}_jobs.map(j, j.{q}_pay)))) * 10",),
}
_LIMITS: Mapping[str, Question] = {
    "integer": {"min": 0, "max": MAX_NUMBER},
    "money": {"min": 0, "max": MAX_NUMBER},
    "time": {"min": "09:00", "max": "17:00", "step_minutes": 30},
}
RATES: Question = {
    "id": "rates",
    "key": ["kind"],
    "rows": [
        {"kind": "k1", "name": "一つめ", "price": 100, "until": "2027-03-31"},
        {"kind": "k1", "name": "一つめ", "price": 120, "from": "2027-04-01"},
        {"kind": "k2", "name": "二つめ", "price": 200},
        {"kind": "k3", "name": "三つめ", "price": 300},
    ],
}


@st.composite
def conditions(draw: st.DrawFn, questions: list[Question]) -> str:
    """A condition over one or two of the questions."""
    of = [draw(st.sampled_from(questions)) for _ in range(draw(st.integers(1, 2)))]
    parts = [draw(st.sampled_from(CONDITIONS[kind_of(question)])).format(q=question["id"]) for question in of]
    return draw(st.sampled_from([" && ", " || "])).join(parts)


def kind_of(question: Question) -> str:
    """The kind of a question, as the tables above name it."""
    if question["type"] == "choice":
        return "listed" if isinstance(question["options"], dict) else "choice"
    if question["type"] == "group":
        return "nested" if any(inner["type"] == "group" for inner in question["fields"]) else "group"
    return {"person_name": "person"}.get(question["type"], str(question["type"]))


def _options(*ids: str, **more: Any) -> list[Question]:
    return [{"id": name, "label": {"ja": name}, **more} for name in ids]


def _question(draw: st.DrawFn, name: str, kind: str, before: list[Question]) -> Question:
    match kind:
        case "choice":
            return choice(name, "a", "b", "c")
        case "choices" | "ranking":
            return choices(name, "a", "b", "c") | {"type": kind}
        case "listed":
            others = [question for question in before if kind_of(question) in ("integer", "yes_no")]
            where = {}
            if draw(st.booleans()) and others:
                other = draw(st.sampled_from(others))["id"]
                where = {"where": f"kind == 'k1' || answered({other})"}
            elif draw(st.booleans()):
                where = {"where": "price < 250 && kind != 'k9'"}
            return field(name, "choice", options={"table": "rates", "label": "name", "price": "price", **where})
        case "matrix":
            return field(
                name,
                "matrix",
                rows=[{"id": row, "label": {"ja": row}} for row in ("walking", "eating")],
                scale=[
                    {"id": answer, "label": {"ja": answer}, "values": {"points": number}}
                    for number, answer in enumerate(("alone", "helped"))
                ],
            )
        case "quantities":
            return field(name, "quantities", options=_options("a", "b", price=100), each_max=3, max=4)
        case "person":
            return {"id": name, "item": "person.name", "type": "person_name"}
        case "address":
            inside = draw(st.sampled_from([{}, {"in_city": True}]))
            return {"id": name, "item": "person.address", "type": "address", **inside}
        case "point":
            look_up = [
                {"layer": "zones", "property": "zone", "as": "zone", "type": "string", "default": "none"},
                {"layer": "floods", "property": "depth", "as": "depth", "type": "double", "default": 0.0},
            ]
            return field(name, "point", look_up=look_up)
        case "group":
            rows = [
                field(f"{name}_n", "integer", min=0, max=MAX_NUMBER),
                field(f"{name}_sure", "yes_no", required=False),
                field(f"{name}_why", "text", show_when=f"{name}_n > 4 && !no({name}_sure)", required=False),
            ]
            least = draw(st.integers(0, 1))
            return field(
                name,
                "group",
                fields=rows,
                min=least,
                max=3,
                compute=[{"id": f"{name}_double", "value": f"{name}_n * 2"}],
            )
        case "nested":
            jobs = field(
                f"{name}_jobs", "group", fields=[field(f"{name}_pay", "integer", min=0, max=MAX_NUMBER)], min=0, max=2
            )
            return field(
                name, "group", fields=[field(f"{name}_n", "integer", min=0, max=MAX_NUMBER), jobs], min=0, max=2
            )
    return field(name, kind, **_LIMITS.get(kind, {}))


@st.composite
def questions_of(draw: st.DrawFn) -> list[Question]:
    """Questions of which some show, or are demanded, by others before them in an order that is not that of the pages."""
    made: list[Question] = []
    for number in range(draw(st.integers(2, 6))):
        question = _question(draw, f"q{number}", draw(st.sampled_from(sorted(CONDITIONS))), made)
        if draw(st.booleans()):
            question["required"] = False
        elif made and question["type"] != "group" and draw(st.integers(0, 3)) == 0:
            question["required_when"] = draw(conditions(made))
        if draw(st.booleans()) and made:
            question["show_when"] = draw(conditions(made))
        made.append(question)
    return draw(st.permutations(made))


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
    """A whole definition: pages, checks, fee lines of every kind, named values, places, money out, a stage, examples."""
    questions = draw(questions_of())
    half = draw(st.integers(1, len(questions)))
    pages = [page for page in (questions[:half], questions[half:]) if page]
    steps = [{"id": f"s{number}", "title": "申請の内容", "fields": page} for number, page in enumerate(pages)]
    for step in steps:
        if draw(st.booleans()):
            rule, level = draw(conditions(questions)), draw(st.sampled_from(["error", "warning"]))
            step["checks"] = [{"assert": rule, "message": {"ja": "決まりです。"}, "level": level}]
    fee = [
        _fee_line(draw, number, question, questions)
        for number, question in enumerate(draw(st.lists(st.sampled_from(questions), max_size=2)))
    ]
    more: dict[str, Any] = {"compute": []}
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
