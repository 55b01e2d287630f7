"""Definitions of the first version of the language mean the same after they were rewritten for the second."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import load
from forms.definition.source import read_source
from forms.upgrading import upgrade
from tests.unit.forms.making import field, judged, text, unhurried

QUESTIONS = (
    field("months", "integer"),
    field("price", "money"),
    field("period", "date_range"),
    field("rows", "group", fields=[field("n", "integer"), field("stay", "date_range", required=False)], max=5),
)
ANSWERS = {
    "price": 10_000,
    "months": 6,
    "period": {"start": "2026-04-01", "end": "2026-05-31"},
    "rows": [{"n": 7}, {"n": 4}],
}


def fee(amount: str, **settings: Any) -> dict[str, Any]:
    return {"label": {"ja": "手数料"}, "amount": amount, **settings}


def upgraded_amount(amount: str, **settings: Any) -> str:
    rewritten = upgrade(text(*QUESTIONS, fee=[fee(amount, **settings)])).text
    return str(read_source(rewritten).tree["fee"][0]["amount"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("months / 12 * price", "int(months / 12) * price"),
        ("price * months / 12", "int(price * months / 12)"),
        ("-months / 12", "int(-months / 12)"),
        ("price - months / -12", "price - int(months / -12)"),
        ("(price + months) / 12 / 2", "int(int((price + months) / 12) / 2)"),
        ("sum(rows.map(r, r.n / 2))", "sum(rows.map(r, int(r.n / 2)))"),
        ("sum(rows.map(r, r['n'] / 2))", "sum(rows.map(r, int(r.n / 2)))"),
        (
            "rows.exists(r, r['stay.start'] >= period.start) ? 1 : 2",
            "rows.exists(r, r.stay.start >= period.start) ? 1 : 2",
        ),
        ("period.start < timestamp('2026-01-01T00:00:00Z') ? 1 : 2", "period.start < date('2026-01-01') ? 1 : 2"),
        ("period.end - period.start > duration('48h') ? 1 : 2", "period.end - period.start > days(2) ? 1 : 2"),
        ("uint(months) == 3u ? 1 : 2", "int(months) == 3 ? 1 : 2"),
    ],
)
def test_what_meant_something_else_is_rewritten(before: str, after: str) -> None:
    assert upgraded_amount(before) == after


@pytest.mark.parametrize(
    "amount",
    [
        "price / 2.0",
        "int(price / 12)",
        "price * 3",
        "period.start in [period.end] ? 3 : 4",
        "'3u' == '' ? 1 : 2",
        "price / unknown",
    ],
)
def test_what_means_the_same_stays(amount: str) -> None:
    source = text(*QUESTIONS, fee=[fee(amount)])
    assert upgrade(source).text == source


@unhurried
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40))
def test_whole_numbers_are_divided_as_they_were(price: int, months: int, divisor: int) -> None:
    source = text(*QUESTIONS, fee=[fee(f"price / {divisor} * months + price * months / {divisor}")])
    total = judged(load(upgrade(source).text), {**ANSWERS, "price": price, "months": months}).fee.total
    assert total == price // divisor * months + price * months // divisor


def test_rows_conditions_checks_and_explanations_are_rewritten_in_their_own_names() -> None:
    source = """# 料金は要綱の別表による
procedure: trial
kind: notification
title: {ja: 試し}
department: citizens
steps:
  - id: first
    title: {ja: はじめ}
    fields:
      - {id: months, type: integer, label: {ja: 月数}}
      - {id: note, type: text, label: {ja: 備考}, required: false, show_when: months / 12 == 1}  # 1年目
      - id: rows
        type: group
        label: {ja: 台}
        fields:
          - {id: n, type: integer, label: {ja: 数}}
          - {id: m, type: integer, label: {ja: 数}, show_when: n / 2 == 1}
    checks:
      - assert: |
          months / 12 < 9
        message: {ja: 長すぎます。}
fee:
  - label: {ja: 手数料}
    each: rows
    amount: n / 2 * 100
    explain: {ja: "{n / 2}組 × 100円"}
workflow: {preset: notification}
"""
    upgraded = upgrade(source)
    assert upgraded.text == (
        source.replace("months / 12 == 1}", '"int(months / 12) == 1"}')
        .replace("n / 2 == 1}", '"int(n / 2) == 1"}')
        .replace("|\n          months / 12 < 9\n", '"int(months / 12) < 9\\n"\n')
        .replace("n / 2 * 100", '"int(n / 2) * 100"')
        .replace('"{n / 2}組', '"{int(n / 2)}組')
    )
    assert [(rewriting.path, rewriting.line) for rewriting in upgraded.rewritings] == [
        ("steps.0.fields.1.show_when", 11),
        ("steps.0.fields.2.fields.1.show_when", 17),
        ("steps.0.checks.0.assert", 19),
        ("fee.0.amount", 25),
        ("fee.0.explain.ja", 26),
    ]
    [line] = judged(load(upgraded.text), {"months": 3, "rows": [{"n": 7}]}).fee.lines
    assert (line.amount, line.explanation.ja) == (300, "3組 × 100円")


def test_the_second_version_stays_as_it_is_when_it_is_upgraded_again() -> None:
    once = upgrade(text(*QUESTIONS, fee=[fee("months / 12 * price")])).text
    assert upgrade(once).text == once


@pytest.mark.parametrize("source", ["", "[", "procedure: 3", "steps: {", "\N{NULL}"])
def test_a_text_that_cannot_be_read_stays_as_it_is(source: str) -> None:
    assert upgrade(source).text == source


def test_the_definitions_of_today_can_be_told_from_those_of_old() -> None:
    """The same text costs something else in the two versions."""
    source = text(*QUESTIONS, fee=[fee("months / 12 * price")])
    assert judged(load(source), ANSWERS).fee.total == 5_000
    assert judged(load(upgrade(source).text), ANSWERS).fee.total == 0
