"""Bounds and rounding of lines and of the total, reductions that a person decides, and nothing unpaid because it has no price."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Evaluation, FeeUndecided, check, evaluate
from tests.unit.forms.making import TODAY, definition, field, unhurried

YEN = st.integers(0, 5_000)


def line(amount: str | int, **settings: Any) -> dict[str, Any]:
    return {"label": {"ja": "手数料", "en": "Fee"}, "amount": amount, **settings}


def judged(fee: list[dict[str, Any]], answers: dict[str, Any] | None = None, **more: Any) -> Evaluation:
    fields = [field("n", "integer", min=0, max=10_000), field("asks", "yes_no")]
    made = definition(*fields, fee=fee, **more)
    return evaluate(made, {"n": 7, "asks": False} | (answers or {}), {}, today=TODAY)


@pytest.mark.parametrize(
    ("settings", "yen"),
    [
        ({"round_to": 10}, 1230),
        ({"round_to": 100, "rounding": "up"}, 1300),
        ({"round_to": 10, "rounding": "half_up"}, 1240),
        ({"minimum": 2000}, 2000),
        ({"maximum": 1000}, 1000),
        ({"minimum": 100, "maximum": 5000}, 1235),
    ],
)
def test_a_line_is_rounded_to_its_unit_and_held_within_its_bounds(settings: dict[str, Any], yen: int) -> None:
    assert judged([line(1235, **settings)]).fee.total == yen


def test_the_total_is_rounded_once_where_the_definition_says_so() -> None:
    thirds = [line("n / 3", id="a"), line("n / 3", id="b"), line("n / 3", id="c")]
    assert judged(thirds).fee.total == 6
    whole = judged(thirds, fee_total={"rounding": "down"}).fee
    assert (whole.total, [each.amount for each in whole.lines]) == (7, [2, 2, 3])
    explanation = whole.lines[2].explanation
    assert explanation is not None
    assert (explanation.ja, explanation.for_language("en")) == ("合計の調整 +1円", "adjusted by +1 yen")
    assert explanation.for_language("zh") == "合计调整 +1日元"


@unhurried
@given(
    st.lists(st.tuples(YEN, st.integers(1, 9)), min_size=1, max_size=5),
    st.none() | YEN,
    st.none() | YEN,
    st.sampled_from([None, "down", "up", "half_up"]),
    st.sampled_from([1, 10, 100]),
)
def test_lines_always_add_up_to_a_total_within_its_bounds(
    parts: list[tuple[int, int]], low: int | None, high: int | None, rounding: str | None, unit: int
) -> None:
    if low is not None and high is not None:
        low, high = sorted((low, high))
    total = {"minimum": low, "maximum": high} | ({"rounding": rounding, "round_to": unit} if rounding else {})
    lines = [line(f"{amount} / {divisor}", id=f"l{number}") for number, (amount, divisor) in enumerate(parts)]
    fee = judged(lines, fee_total=total).fee
    assert fee.total is not None
    assert fee.total == sum(each.amount or 0 for each in fee.lines)
    assert all((each.amount or 0) >= 0 for each in fee.lines)
    assert low is None or fee.total >= low
    assert high is None or fee.total <= high
    exact = sum(Fraction(amount, divisor) for amount, divisor in parts)
    if rounding and low is None and high is None:
        assert abs(fee.total - exact) < unit


@unhurried
@given(st.sampled_from(["1 / (n - 7)", "0 - n", "n * 1000000000", "rates.price(n)"]), YEN, st.booleans())
def test_nothing_can_be_sent_unpaid_because_a_price_could_not_be_made(bad: str, good: int, asks: bool) -> None:
    tables = [{"id": "rates", "key": ["size"], "rows": [{"size": 1, "price": 100}]}]
    reduction = {"label": {"ja": "減免"}, "when": "asks", "amount": bad}
    total = {"minimum": 0, "maximum": 100}
    for fee in (
        [line(good), line(bad, minimum=0)],
        [line(bad, applies_when="n == 7", waived_when="asks")],
        [line(good, reduction=reduction)],
    ):
        evaluation = judged(fee, {"asks": asks}, tables=tables, fee_total=total)
        decided = "reduction" in fee[0] and not asks
        assert evaluation.complete is decided
        if not decided:
            assert evaluation.fee.total is None
            with pytest.raises(FeeUndecided):
                evaluation.fee.due(evaluation.fee.refused[0].when if evaluation.fee.refused else "submission")


def test_a_reduction_is_due_only_after_somebody_has_decided() -> None:
    rule = {"label": {"ja": "生活保護世帯"}, "when": "asks", "rate": 50}
    fee = judged([line(301, reduction=rule)], {"asks": True}).fee
    [reduced] = fee.lines
    assert (reduced.state, reduced.amount, reduced.reduced_amount, reduced.decided_by) == (
        "reduction",
        301,
        150,
        "decider",
    )
    assert (fee.due("submission"), fee.due("approved")) == (0, 301)
    assert judged([line(301, reduction=rule)]).fee.due("submission") == 301


def test_a_fee_below_zero_is_told_where_money_to_the_resident_stands() -> None:
    text = """
procedure: grant
kind: survey
title: {ja: 補助}
department: a
steps: [{id: s, title: {ja: s}, fields: [{id: n, type: integer, label: {ja: n}, help: {ja: n}}]}]
fee: [{id: f, label: {ja: 補助金}, amount: -5000}]
workflow: {preset: notification}
"""
    faults = [diagnostic for diagnostic in check(text, today=TODAY) if diagnostic.path == "fee.0.amount"]
    assert "payout" in faults[0].remedy
