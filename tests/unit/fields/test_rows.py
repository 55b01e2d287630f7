"""How many rows a group has, which of them may not say the same, and what they come to in all."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, DefinitionError, evaluate, load, read_step
from forms.fields.group import GroupField, rows_of
from forms.fields.text import TextField

DAY = date(2026, 11, 23)
SOURCE = """
procedure: staff-list
kind: notification
title: {ja: 従業員}
department: road-management
steps:
  - id: staff
    title: {ja: 従業員}
    fields:
      - {id: count, type: integer, label: {ja: 人数}, max: 500}
      - id: people
        type: group
        label: {ja: 従業員}
        MIN
        max: 500
        unique: [{fields: [person, born], message: {ja: 同じ人が2回書かれています。}}]
        totals: [pay, hours]
        fields:
          - {id: person, type: text, label: {ja: 氏名}}
          - {id: born, type: integer, label: {ja: 生まれた年}, required: false, max: 3000}
          - {id: pay, type: money, label: {ja: 給与}, required: false}
          - {id: hours, type: number, label: {ja: 時間}, required: false, unit: {ja: 時間}}
          - {id: why, type: text, label: {ja: 理由}, show_when: pay > 1000000 && count > 1}
workflow: {preset: notification}
"""


def definition(least: str = "min: 1") -> Definition:
    return load(SOURCE.replace("MIN", least))


def errors(made: Definition, people: list[dict[str, Any]], count: int = 2) -> dict[str, list[str]]:
    return evaluate(made, {"count": count, "people": people}, {}, today=DAY).errors


def posted(people: list[dict[str, Any]], **more: str) -> dict[str, list[str]]:
    return {
        **{f"people.{number}.{name}": [str(text)] for number, row in enumerate(people) for name, text in row.items()},
        **{name: [text] for name, text in more.items()},
    }


def test_both_rows_that_say_the_same_are_marked() -> None:
    made = definition()
    people = [{"person": "佐藤", "born": 1990}, {"person": "鈴木", "born": 1990}, {"person": "佐藤", "born": 1990}]
    marked = {"people.0.person": ["同じ人が2回書かれています。"], "people.2.person": ["同じ人が2回書かれています。"]}
    assert errors(made, people) == marked
    assert read_step(made, "staff", posted(people, count="3"), {}, {}, today=DAY).errors == marked
    assert errors(made, [people[0], people[1], {"person": "佐藤", "born": 1991}]) == {}
    assert errors(made, [{"person": "佐藤"}, {"person": "佐藤"}]) == {}  # who says less may be somebody else


def test_an_empty_row_between_leaves_the_marks_where_they_are_typed() -> None:
    people: list[dict[str, Any]] = [{"person": "佐藤", "born": 1990}, {"person": ""}, {"person": "佐藤", "born": 1990}]
    reading = read_step(definition("min: count"), "staff", posted(people, count="2"), {}, {}, today=DAY)
    assert set(reading.errors) == {"people.0.person", "people.2.person"}


def test_another_answer_says_how_many_rows_there_are() -> None:
    made = definition("min: count")
    assert errors(made, [{"person": "佐藤"}], count=2) == {"people": ["2件以上入力してください。"]}
    assert errors(made, [{"person": "佐藤"}], count=1) == {}
    exact = load(SOURCE.replace("MIN", "min: count").replace("max: 500\n        unique", "max: count\n        unique"))
    people = [{"person": "佐藤"}, {"person": "鈴木"}]
    assert errors(exact, people, count=1) == {"people": ["入力できるのは1件までです。"]}
    assert evaluate(exact, {"count": 2, "people": people}, {}, today=DAY).row_limits == {"people": (2, 2)}
    nobody = evaluate(exact, {"count": 2}, {}, today=DAY)
    assert nobody.errors == {"people": ["2件以上入力してください。"]}
    assert not nobody.complete
    assert "people" not in evaluate(exact, {}, {}, today=DAY).errors  # the number is asked for first


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("min: 501", "500以下"),
        ("min: nobody", "「nobody」"),
        ("min: 3\n        unique: [{fields: [nobody]}]", "「nobody」は、この行の質問ではありません"),
        ("totals: [person]", "「person」は、この行の数の質問ではありません"),
    ],
)
def test_settings_that_cannot_be_meant_are_faults(setting: str, words: str) -> None:
    source = SOURCE.replace("MIN", "min: 1")
    name = setting.rsplit("\n", 1)[-1].strip().split(":")[0]
    lines = [line for line in source.split("\n") if not line.strip().startswith(f"{name}:")]
    at = next(number for number, line in enumerate(lines) if "label: {ja: 従業員}" in line)
    with pytest.raises(DefinitionError) as caught:
        load("\n".join([*lines[: at + 1], f"        {setting}", *lines[at + 1 :]]))
    assert any(words in str(diagnostic) for diagnostic in caught.value.diagnostics)


@given(st.lists(st.fixed_dictionaries({"person": st.sampled_from("甲乙丙"), "pay": st.integers(0, 10**6)}), max_size=9))
def test_totals_are_what_the_rows_come_to(people: list[dict[str, Any]]) -> None:
    group = definition().fields["people"]
    assert isinstance(group, GroupField)
    assert dict(group.shown_totals(people, "ja"))["給与の合計"] == f"{sum(row['pay'] for row in people):,}円"


def test_five_hundred_rows_are_judged_row_by_row() -> None:
    made = definition("min: count")
    people = [{"person": f"人{number}", "born": 1990, "pay": 2_000_000, "why": "役員"} for number in range(500)]

    def steps(rows: int) -> int:
        """How many questions are checked: work that does not depend on how busy the machine is."""
        field = TextField
        plain, counted = field.check, 0

        def counting(self: Any, value: object, context: Any) -> Any:
            nonlocal counted
            counted += 1
            return plain(self, value, context)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(field, "check", counting)
            outcome = evaluate(made, {"count": rows, "people": people[:rows]}, {}, today=DAY)
        assert outcome.complete
        return counted

    assert steps(500) <= 5 * steps(100)
    form = posted(people, count="500")
    reading = read_step(made, "staff", form, {}, {}, today=DAY)
    assert reading.complete
    assert len(rows_of(reading.sound["people"])) == 500
