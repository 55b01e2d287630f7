"""Made-up questions of every type, of which some show, or are demanded, by conditions over others."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.unit.forms.making import choice, choices, field

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
    "earlier": ("earlier.left > 3", "!found(earlier.until)", "earlier.until >= today()", "earlier.fee > 0"),
    "appointment": ("answered({q})", "{q}.time > '10:00'", "{q}.day > today() + days(3)", "{q}.minutes > 20"),
    "group": (
        "{q}.size() > 1", "{q}.exists(r, r.{q}_n > 4)", "{q}.all(r, r.{q}_double < 19)",
        "sum({q}.map(r, r.{q}_double)) > 9", "{q}.exists(r, no(r.{q}_sure))",
    ),
    "nested": ("{q}.size() > 1", "{q}.exists(r, r.{q}_jobs.exists(j, j.{q}_pay > 4))", "sum({q}.map(r, sum(r.{q}_jobs.map(j, j.{q}_pay)))) > 7"),
}  # fmt: skip
#: Kinds that are asked; the earlier case is only known.
KINDS_OF_QUESTIONS = sorted(CONDITIONS.keys() - {"earlier"})
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


def _listed(draw: st.DrawFn, name: str, before: list[Question]) -> Question:
    """A choice of the rows of a table, some of them by another answer."""
    others = [question for question in before if kind_of(question) in ("integer", "yes_no")]
    where = {}
    if draw(st.booleans()) and others:
        other = draw(st.sampled_from(others))["id"]
        where = {"where": f"kind == 'k1' || answered({other})"}
    elif draw(st.booleans()):
        where = {"where": "price < 250 && kind != 'k9'"}
    return field(name, "choice", options={"table": "rates", "label": "name", "price": "price", **where})


def _appointment(draw: st.DrawFn, name: str, before: list[Question]) -> Question:
    """An appointment at a desk, or in the room that another answer chooses."""
    rooms = [question["id"] for question in before if kind_of(question) == "choice"]
    by: Question = {"resource_by": draw(st.sampled_from(rooms))} if draw(st.booleans()) and rooms else {}
    hours = [{"from": "09:00", "until": "12:00"}, {"days": ["sat"], "from": "13:00", "until": "15:00"}]
    length: Question = {"minutes": 30} if draw(st.booleans()) else {}
    open_days = draw(st.booleans())
    return field(name, "appointment", resource="desk", hours=hours, open_days_only=open_days, **length, **by)


def _question(draw: st.DrawFn, name: str, kind: str, before: list[Question]) -> Question:
    match kind:
        case "choice":
            return choice(name, "a", "b", "c")
        case "choices" | "ranking":
            return choices(name, "a", "b", "c") | {"type": kind}
        case "listed":
            return _listed(draw, name, before)
        case "appointment":
            return _appointment(draw, name, before)
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
            others = [question["id"] for question in before if question["type"] == "integer"]
            twice = f"(answered({draw(st.sampled_from(others))}) ? 2 : 1)" if draw(st.booleans()) and others else "2"
            return field(
                name,
                "group",
                fields=rows,
                min=least,
                max=3,
                compute=[{"id": f"{name}_double", "value": f"{name}_n * {twice}"}],
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
def questions_of(draw: st.DrawFn, known: list[Question]) -> list[Question]:
    """Questions of which some show, or are demanded, by others before them in an order that is not that of the pages.

    `known` is what conditions may speak of besides.
    """
    made: list[Question] = []
    for number in range(draw(st.integers(2, 6))):
        question = _question(draw, f"q{number}", draw(st.sampled_from(KINDS_OF_QUESTIONS)), made)
        if draw(st.booleans()):
            question["required"] = False
        elif (made or known) and question["type"] != "group" and draw(st.integers(0, 3)) == 0:
            question["required_when"] = draw(conditions([*made, *known]))
        if draw(st.booleans()) and (made or known):
            question["show_when"] = draw(conditions([*made, *known]))
        made.append(question)
    return draw(st.permutations(made))
