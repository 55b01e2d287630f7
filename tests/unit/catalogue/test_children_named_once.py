"""A child whom one procedure has asked about is not asked for again by another that is sent with it."""

from datetime import date
from typing import Any

import pytest

from forms import load
from forms.bundling import compose
from forms.known_rows import Saved, with_known_rows
from tests.kit.catalogue import shipped_source

TODAY = date(2026, 11, 23)
PUPIL = {
    "name": {"family": "佐藤", "given": "葵"},
    "kana": {"family": "サトウ", "given": "アオイ"},
    "birthday": "2017-05-03",
}
TODDLER = {
    "name": {"family": "佐藤", "given": "陽"},
    "kana": {"family": "サトウ", "given": "ハル"},
    "birthday": "2024-08-10",
}


@pytest.mark.parametrize(
    ("first", "named_as", "others"),
    [
        ("child-allowance", "child", ("childcare-application",)),
        ("child-allowance-end", "child", ("childcare-leave",)),
        ("child-allowance", "child", ("school-transfer",)),
        ("child-allowance-address", "child", ("after-school-care",)),
        ("child-medical", "child", ("school-supplies",)),
        ("moving-within", "member", ("after-school-care", "school-transfer")),
        ("moving-in", "member", ("childcare-application", "child-allowance")),
    ],
)
def test_a_child_is_written_once(first: str, named_as: str, others: tuple[str, ...]) -> None:
    form = compose([load(shipped_source(key)) for key in (first, *others)])
    groups = {question.item: question for question in form.fields.values() if question.type == "group"}
    source = groups["household.children" if named_as == "child" else "household.members"]
    words = {question.id: (question.item or "").rpartition(".")[2] for question in source.fields}
    rows: list[dict[str, Any]] = [
        {name: person[word] for name, word in words.items() if word in person} for person in (PUPIL, TODDLER)
    ]
    typed = with_known_rows(
        form, form.step_of(source.id).id, Saved({}, {}), Saved({source.id: rows}, {}), today=TODAY
    ).typed
    for group in groups.values():
        if group.item in {"household.pupils", "household.infants", "household.children"} - {source.item}:
            names = [question.id for question in group.fields if question.item == "child.name"]
            assert len(names) == 1, "one row asks for one name"
            assert {typed[f"{group.id}.0.{names[0]}.given"]} <= {"葵", "陽"}
