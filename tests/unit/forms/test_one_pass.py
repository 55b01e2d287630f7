"""All faults of a definition are reported at once, each once, and nothing that only follows from another fault."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from forms import Definition, check
from forms.definition.explaining import TYPE_GROUPS
from forms.definition.salvage import STAND_INS, salvage
from forms.fields import FIELD_TYPES
from tests.unit.forms.making import choice, field, text, unhurried

Tree = Any


def sound() -> Tree:
    """A definition whose parts speak of each other."""
    return json.loads(
        text(
            steps=[
                {
                    "id": "first",
                    "title": {"ja": "はじめ"},
                    "fields": [
                        choice("object", "sign", "other"),
                        field("what", "text", show_when="object == 'other'"),
                        field("period", "date_range"),
                        field("copies", "integer", min=1, max=9),
                    ],
                    "checks": [{"assert": "period.days <= 365", "message": {"ja": "長すぎます。"}, "field": "period"}],
                },
                {
                    "id": "second",
                    "title": {"ja": "つぎ"},
                    "show_when": "copies > 1",
                    "fields": [
                        field(
                            "people",
                            "group",
                            fields=[
                                choice("kind", "child", "adult"),
                                field("age", "integer", show_when="kind == 'child' && copies > 0"),
                            ],
                        ),
                        field(
                            "street",
                            "point",
                            look_up=[
                                {"layer": "roads", "property": "price", "as": "price", "type": "int", "default": 9}
                            ],
                        ),
                        field("agrees", "yes_no"),
                    ],
                    "checks": [{"assert": "people.all(p, p.age >= 0)", "message": {"ja": "年齢を直してください。"}}],
                },
            ],
            compute=[{"id": "total", "value": "copies * 2"}, {"id": "rate", "value": "rates.price(object)"}],
            tables=[
                {"id": "rates", "key": ["object"], "rows": [{"object": name, "price": 9} for name in ("sign", "other")]}
            ],
            fee=[
                {
                    "id": "basic",
                    "label": {"ja": "基本"},
                    "amount": "street.price * copies + total + rate + rates.price(object)",
                    "waived_when": "agrees",
                },
                {"id": "each", "label": {"ja": "人数"}, "amount": "kind == 'child' ? 100 : 200", "each": "people"},
            ],
            workflow={
                "preset": "permit",
                "assign": {"by": "object == 'sign' ? 'roads' : 'parks'"},
                "stages": [
                    {
                        "id": "look",
                        "title": {"ja": "見る"},
                        "after": "accepted",
                        "role": "inspector",
                        "form": {"fields": [field("fits", "yes_no"), field("why", "text", show_when="!fits")]},
                    }
                ],
            },
            routing={"applies_when": "has_dog", "deadline": {"days": 14, "after": "moved_on"}},
        )
    )


@dataclass(frozen=True)
class Fault:
    """One thing written wrong. `part` is what it is about; only faults of different parts are independent."""

    part: str
    path: str
    write: Callable[[Tree], object]


def put(path: str, value: object) -> Callable[[Tree], object]:
    def write(tree: Tree) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in way:
            tree = tree[part]
        tree[last] = value

    return write


def drop(path: str) -> Callable[[Tree], object]:
    def write(tree: Tree) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in way:
            tree = tree[part]
        del tree[last]

    return write


def wrong(part: str, path: str, value: object, at: str = "") -> Fault:
    return Fault(part, at or path, put(path, value))


FIRST, SECOND = "steps.0.fields", "steps.1.fields"
FAULTS = [
    wrong("top", "kind", "permission"),
    Fault("top", "department", drop("department")),
    wrong("days", "standard_days", "十日"),
    wrong("top", "retention", 5),
    wrong("object", f"{FIRST}.0.type", "computed"),
    wrong("object", f"{FIRST}.0.options", [{"id": f"o{n}", "label": {"ja": "x"}} for n in range(1001)]),
    wrong("object", f"{FIRST}.0.options.0.label", 12),
    wrong("object", f"{FIRST}.0.colour", "red"),
    Fault("object", f"{FIRST}.0.id", drop(f"{FIRST}.0.id")),
    Fault("object", f"{FIRST}.0", drop(f"{FIRST}.0.type")),
    wrong("object", f"{FIRST}.0", "object"),
    wrong("what", f"{FIRST}.1.show_when", "objct == 'other'"),
    wrong("what", f"{FIRST}.1.max_length", "多い"),
    wrong("period", f"{FIRST}.2.type", "date_rang"),
    wrong("period", f"{FIRST}.2.label", 12),
    wrong("copies", f"{FIRST}.3.min", 10, at=f"{FIRST}.3"),
    wrong("copies", f"{FIRST}.3.type", "counter"),
    wrong("first checks", "steps.0.checks.0.assert", "period.day <= 365"),
    wrong("first checks", "steps.0.checks.0.field", "perod"),
    wrong("first checks", "steps.0.checks.0.message", 12),
    wrong("second", "steps.1.show_when", "copies >"),
    wrong("second", "steps.1.short", 12),
    wrong("people", f"{SECOND}.0.fields.0.type", "choise"),
    wrong("people", f"{SECOND}.0.fields.1.show_when", "kynd == 'child'"),
    wrong("people", f"{SECOND}.0.min", 11, at=f"{SECOND}.0"),
    wrong("people", f"{SECOND}.0.type", "rowset"),
    wrong("street", f"{SECOND}.1.look_up.0.as", "単価"),
    wrong("street", f"{SECOND}.1.look_up", "roads"),
    wrong("street", f"{SECOND}.1.rules", [{"somewhere": "parks"}], at=f"{SECOND}.1.rules.0.somewhere"),
    wrong("agrees", f"{SECOND}.2.required", "maybe"),
    wrong("people", "steps.1.checks.0.assert", "people.all(p, p.agee >= 0)"),
    wrong("total", "compute.0.value", "copies *"),
    wrong("total", "compute.0.value", ["copies"]),
    wrong("total", "compute.0.labell", {"ja": "合計"}),
    wrong("rates", "tables.0.rows.0.price", "九", at="tables.0"),
    wrong("rates", "tables.0.key", "object"),
    wrong("rates", "tables.0.rows", []),
    wrong("basic", "fee.0.amount", "street.price * copie + total"),
    wrong("basic", "fee.0.rounding", "nearest"),
    wrong("basic", "fee.0.label", None),
    wrong("people", "fee.1.amount", "knd == 'child' ? 100 : 200"),
    wrong("people", "fee.1.each", "peeple"),
    wrong("assign", "workflow.assign.by", "1 + 1"),
    wrong("stages", "workflow.stages.0.after", "acepted"),
    wrong("stages", "workflow.stages.0.form.fields.1.show_when", "!fit"),
    wrong("stages", "workflow.stages.0.form.fields.0.type", "yesno"),
    wrong("stages", "workflow.stages.0.id", "現地"),
    wrong("routing", "routing.applies_when", "has_dogs"),
    wrong("routing", "routing.deadline.after", "died_on"),
    wrong("routing", "routing.deadline.months", 1, at="routing.deadline"),
]


def reported(tree: Tree) -> list[str]:
    return sorted(item.path for item in check(json.dumps(tree)) if item.severity == "error")


def test_the_definition_without_faults_is_sound() -> None:
    assert reported(sound()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.path)
def test_a_fault_is_reported_once_and_nothing_follows_from_it(fault: Fault) -> None:
    tree = sound()
    fault.write(tree)
    assert reported(tree) == [fault.path]


#: Where a question has no id at all, any unknown name may be its name; all others are independent.
NAMED = [fault for fault in FAULTS if fault.path not in (f"{FIRST}.0", f"{FIRST}.0.id")]


@pytest.mark.slow
@unhurried
@given(st.lists(st.sampled_from(NAMED), min_size=2, max_size=8, unique_by=lambda fault: fault.part))
def test_independent_faults_are_all_reported_in_one_pass_and_only_they(faults: list[Fault]) -> None:
    tree = sound()
    for fault in sorted(
        faults, key=lambda fault: fault.path == f"{FIRST}.0"
    ):  # the last may take the whole question away
        fault.write(tree)
    assert reported(tree) == sorted(fault.path for fault in faults)


@pytest.mark.parametrize("name", ["もの", "Object", "the-object", "x" * 41])
def test_expressions_over_a_question_whose_id_cannot_be_used_are_not_reported(name: str) -> None:
    tree = json.loads(json.dumps(sound()).replace("object ==", f"{name} ==").replace("(object)", f"({name})"))
    tree["steps"][0]["fields"][0]["id"] = name
    assert reported(tree) == [f"{FIRST}.0.id"]


def test_expressions_over_a_question_named_by_a_word_of_the_language_are_not_reported() -> None:
    tree = json.loads(json.dumps(sound()).replace("object ==", "loop ==").replace("(object)", "(loop)"))
    tree["steps"][0]["fields"][0]["id"] = "loop"
    assert reported(tree) == [f"{FIRST}.0.id"]


def test_a_misspelt_key_is_read_as_it_is_meant() -> None:
    tree = sound()
    tree["stepps"] = tree.pop("steps")
    tree["stepps"][0]["fields"][1]["show_when"] = "objct == 'other'"
    assert reported(tree) == ["stepps", "stepps.0.fields.1.show_when"]


def test_two_questions_of_one_id_and_different_types_are_one_fault() -> None:
    tree = sound()
    tree["steps"][1]["fields"][2] = field("copies", "yes_no")
    tree["fee"][0].pop("waived_when")
    assert reported(tree) == [f"{SECOND}.2.id"]


def test_a_template_that_there_is_not_is_reported_beside_faults_of_the_grammar() -> None:
    tree = sound() | {"documents": [{"id": "permit", "when": "approved", "template": "permitt"}], "kind": "x"}
    assert reported(tree) == ["documents.0.template", "kind"]


def test_every_setting_that_must_be_there_has_a_stand_in() -> None:
    required = {"id", "steps", "fields", "options"} | STAND_INS.keys()
    for part in parts(Definition):
        for name, info in part.model_fields.items():
            assert not info.is_required() or (info.alias or name) in required, (part, name)


def parts(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The models of the grammar, fields and options among them."""
    from forms.definition.explaining import models_in

    models = {model, *FIELD_TYPES.values()}
    waiting = list(models)
    while waiting:
        inner = {model for info in waiting.pop().model_fields.values() for model in models_in(info.annotation)}
        waiting += inner - models
        models |= inner
    return {item for item in models if "root" not in item.model_fields}


def test_every_type_of_question_stands_in_one_group_of_the_list() -> None:
    listed = [name for names in TYPE_GROUPS.values() for name in names]
    assert sorted(listed) == sorted(FIELD_TYPES)


def test_a_tree_without_anything_sound_is_still_explained() -> None:
    salvaged = salvage({"steps": "x", "workflow": [], "fee": {}})
    assert {item.path for item in salvaged.diagnostics} >= {("steps",), ("workflow",), ("fee",), ("kind",)}


@pytest.mark.parametrize("missing", ["rows", "scale"])
def test_a_matrix_without_its_rows_or_its_scale_is_one_fault(missing: str) -> None:
    choices = [{"id": "a", "label": {"ja": "一"}}, {"id": "b", "label": {"ja": "二"}}]
    matrix = {"id": "q", "type": "matrix", "label": {"ja": "表"}, "rows": choices[:1], "scale": choices}
    tree = sound()
    tree["steps"][0]["fields"].append({name: part for name, part in matrix.items() if name != missing})
    assert len(reported(tree)) == 1
