"""A question that came after the examples does not keep a definition from being published: a made-up answer is tried and offered."""

from typing import Any

import pytest

from forms import check
from tests.unit.forms.making import choice, field, text

OLD = {"name": "むかしの試し", "on": "2026-04-01", "answers": {"note": "x"}, "expect": {"fee": 300}}
FEE = [{"id": "fee", "label": {"ja": "料"}, "amount": "300"}]


def messages(source: str, severity: str) -> list[str]:
    return [
        f"{diagnostic.path} {diagnostic.message} {diagnostic.remedy}"
        for diagnostic in check(source)
        if diagnostic.severity == severity and "examples" in diagnostic.path
    ]


@pytest.mark.parametrize(
    "added",
    [
        field("more", "text"), field("more", "yes_no"), choice("more", "a", "b"), field("more", "integer", min=5),
        field("more", "date", min="today+7d"), field("more", "date_range"), field("more", "person_name"),
        field("more", "address"), field("more", "email"), field("more", "phone"), field("more", "photo", min=2),
        field("more", "point"), field("more", "polygon"), field("more", "signature"),
        field("more", "group", fields=[field("a", "text"), field("b", "integer")]),
    ],
    ids=lambda question: question["type"],
)  # fmt: skip
def test_a_new_question_is_answered_for_old_examples_and_offered(added: dict[str, Any]) -> None:
    source = text(field("note", "text"), added, fee=FEE, examples=[OLD])
    assert messages(source, "error") == []
    [offer] = messages(source, "advice")
    assert "むかしの試し" in offer
    assert "more" in offer
    assert "answers に" in offer


def test_the_answer_that_lets_the_example_come_out_is_the_one_offered() -> None:
    fee = [{"id": "fee", "label": {"ja": "料"}, "amount": "express == 'fast' ? 500 : 300"}]
    source = text(field("note", "text"), choice("express", "fast", "slow"), fee=fee, examples=[OLD])
    assert messages(source, "error") == []
    [offer] = messages(source, "advice")
    assert '"slow"' in offer


def test_a_new_question_in_a_row_is_answered_too() -> None:
    group = field("items", "group", fields=[field("kind", "text"), choice("size", "s", "l")])
    old = {**OLD, "answers": {"items": [{"kind": "椅子"}, {"kind": "机"}]}}
    source = text(group, fee=FEE, examples=[old])
    assert messages(source, "error") == []
    assert len(messages(source, "advice")) == 2


def test_a_wrong_fee_is_still_an_error() -> None:
    source = text(field("note", "text"), field("more", "yes_no"), fee=FEE, examples=[{**OLD, "expect": {"fee": 400}}])
    [error] = messages(source, "error")
    assert "400円のはず" in error


def test_an_answer_that_is_there_and_wrong_is_still_an_error() -> None:
    source = text(choice("note", "a", "b"), fee=FEE, examples=[OLD])
    assert len(messages(source, "error")) == 1


def test_what_is_taken_over_from_another_example_is_offered_there_alone() -> None:
    like = {"name": "にた試し", "like": OLD["name"], "answers": {"note": "y"}, "expect": {"fee": 300}}
    chain = {"name": "さらににた試し", "like": "にた試し", "expect": {"fee": 300}}
    source = text(field("note", "text"), field("more", "yes_no"), fee=FEE, examples=[OLD, like, chain])
    assert messages(source, "error") == []
    [offer] = messages(source, "advice")
    assert "むかしの試し" in offer
