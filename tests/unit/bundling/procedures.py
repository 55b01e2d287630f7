"""Made-up procedures that ask the same things in different ways, and answers to them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from forms import Definition
from forms.bundling import Composition, compose
from forms.checks.samples import samples
from forms.fields import FieldType, GroupField, ReadContext, StoredFile
from forms.fields.file import Files
from tests.unit.forms.making import choice, definition, field

TODAY = date(2026, 4, 1)
KEYS = ("alpha", "beta", "gamma-two")
JUNK: tuple[Any, ...] = ("???", 7, -3, [], {"family": "山"}, [{}], [{"kind": "x"}], ["a"], False)
FILE: StoredFile = {"id": "f1", "name": "通帳.jpg", "size": 1000, "media_type": "image/jpeg"}


def shared(id: str, kind: str, item: str, **settings: Any) -> dict[str, Any]:
    return {"id": id, "type": kind, "item": item, **settings}


@st.composite
def procedures(draw: st.DrawFn) -> list[Definition]:
    """Two or three procedures, in any order."""
    keys = draw(st.permutations(KEYS))[: draw(st.integers(2, 3))]
    return [draw(_procedure(key)) for key in keys]


@st.composite
def _procedure(draw: st.DrawFn, key: str) -> Definition:
    fields: list[dict[str, Any]] = [field("urgent", "yes_no", required=draw(st.booleans()))]
    shown = st.sampled_from((None, "urgent", "answered(urgent) && !urgent"))

    def maybe(made: dict[str, Any]) -> None:
        condition = draw(shown)
        if draw(st.booleans()):
            fields.append(made if condition is None else {**made, "show_when": condition})

    maybe(shared("name", "person_name", "person.name"))
    maybe(shared("kana", "person_kana", "person.kana", required=draw(st.booleans())))
    maybe(shared("home", "address", "person.address", abroad=draw(st.booleans())))
    maybe(shared("moved", "date", "move.date", **draw(st.sampled_from(({}, {"max": "today"}, {"min": "today-1y"})))))
    maybe(shared("dog", "text", "dog.name", max_length=draw(st.sampled_from((5, 30)))))
    maybe(shared("who", "applicant", "applicant", birthday=draw(st.sampled_from(("none", "optional", "required")))))
    maybe(choice("size", "small", "large"))
    maybe(field("papers", "photo", item="papers.bank_book", max=draw(st.integers(1, 3))))
    inner = [
        shared("child", "person_name", "child.name", required=draw(st.booleans())),
        choice("kind", "a", "b"),
        field("more", "text", show_when="kind == 'b'"),
        shared("born", "birthday", "child.birthday", show_when=draw(st.sampled_from((None, "urgent", "kind == 'a'")))),
        field("count", "integer", min=1, max=5),
    ]
    rows = draw(st.lists(st.sampled_from(inner), min_size=1, max_size=4, unique_by=lambda made: str(made["id"])))
    if any(made["id"] in ("more", "born") for made in rows) and not any(made["id"] == "kind" for made in rows):
        rows.append(inner[1])
    maybe(
        field("children", "group", fields=rows, item="household.members", min=draw(st.integers(0, 1)), max=3)
        | ({"totals": ["count"]} if any(made["id"] == "count" for made in rows) else {})
    )
    half = draw(st.integers(1, len(fields)))
    steps: list[dict[str, Any]] = [{"id": "first", "title": {"ja": "はじめ"}, "fields": fields[:half]}]
    if fields[half:]:
        condition = draw(st.sampled_from((None, "urgent")))
        steps.append({"id": "second", "title": {"ja": "つぎ"}, "fields": fields[half:]})
        steps[-1] |= {"show_when": condition} if condition else {}
    ids = {made["id"] for made in fields}
    if "dog" in ids:
        steps[-1]["checks"] = [{"assert": "dog != 'ポチ'", "message": {"ja": "ポチはいけません。"}}]
    fee = [{"label": {"ja": "手数料"}, "amount": "100 * size(children)" if "children" in ids else "300"}]
    return definition(procedure=key, steps=steps, fee=fee)


def answers(composition: Composition, *, junk: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to the questions of a composition: some left out, most valid, some (with `junk`) not."""
    given = {
        name: _answer(question, junk=junk) for name, question in composition.fields.items() if question.is_question
    }
    return st.fixed_dictionaries({}, optional=given)


def _answer(question: FieldType, *, junk: bool) -> st.SearchStrategy[Any]:
    if isinstance(question, GroupField):
        row = st.fixed_dictionaries({}, optional={inner.id: _answer(inner, junk=junk) for inner in question.fields})
        valid: st.SearchStrategy[Any] = st.lists(row, max_size=4)
    elif isinstance(question, Files):
        valid = st.just([FILE])
    else:
        valid = st.sampled_from(
            [*samples(question, ReadContext(TODAY)), *(["ポチ"] if question.type == "text" else [])]
        )
    return st.one_of(valid, st.sampled_from(JUNK)) if junk else valid


@st.composite
def answered(draw: st.DrawFn, *, junk: bool = True) -> tuple[Sequence[Definition], Composition, Mapping[str, Any]]:
    """Procedures, what is asked for them together, and answers to that."""
    made = draw(procedures())
    composition = compose(made)
    assert isinstance(composition, Composition)
    return made, composition, draw(answers(composition, junk=junk))
