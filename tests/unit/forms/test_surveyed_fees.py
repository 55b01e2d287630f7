"""Fees whose quantity is measured by staff: an estimate before, the figure afterwards, and nothing by accident."""

from typing import Any

import pytest

from forms import Evaluation, check, evaluate
from forms.evaluation.survey import SURVEYED
from tests.unit.forms.making import TODAY, definition, field, text

SURVEY = {
    "id": "measured",
    "label": {"ja": "掘削した長さ", "en": "length dug"},
    "unit": {"ja": "m"},
    "estimate": "n",
    "decimals": 1,
}
LINE = {
    "id": "repair",
    "label": {"ja": "復旧費", "en": "Repair"},
    "amount": "measured * 5200",
    "explain": {"ja": "{measured} m × 5,200円"},
    "surveyed": SURVEY,
}


def judged(line: dict[str, Any], known: Any = None, n: int = 12) -> Evaluation:
    fields = [field("n", "integer", min=0, max=10_000), field("asks", "yes_no")]
    facts = {} if known is None else {SURVEYED: known}
    return evaluate(definition(*fields, fee=[line]), {"n": n, "asks": True}, facts, today=TODAY)


def test_the_amount_is_an_estimate_until_it_is_measured_and_asked_for_with_the_approval() -> None:
    fee = judged(LINE).fee
    [line] = fee.lines
    assert (line.state, line.amount, line.when) == ("survey", 62_400, "approved")
    assert fee.due("submission") == 0
    assert (
        line.explanation
        and "見込みの額です。掘削した長さを職員が測ってから決まります。見込み 12 m" in line.explanation.ja
    )
    assert line.as_dict()["survey"] == SURVEY | {
        "estimate": "12.0",
        "figure": None,
        "most": 1_000_000,
        "measured_by": "clerk",
        "advance": False,
    }


def test_the_figure_takes_the_place_of_the_estimate() -> None:
    [line] = judged(LINE, {"repair": {"estimate": "12.0", "figure": "12.7"}}).fee.lines
    assert (line.state, line.amount, line.when) == ("due", 66_040, "approved")
    assert line.explanation and line.explanation.ja == "12.7 m × 5,200円（実測した掘削した長さ 12.7 m）"


def test_what_is_paid_in_advance_is_due_at_its_own_moment() -> None:
    line = LINE | {"surveyed": SURVEY | {"advance": True}}
    assert judged(line).fee.due("submission") == 62_400
    assert judged(line, {"repair": {"estimate": "12.0", "figure": "10.5"}}).fee.due("submission") == 54_600


def test_a_figure_does_not_outlive_the_answers_that_were_measured() -> None:
    [line] = judged(LINE, {"repair": {"estimate": "12.0", "figure": "12.7"}}, n=13).fee.lines
    assert (line.state, line.amount) == ("survey", 67_600)


BY_ROW = LINE | {
    "each": "sites",
    "amount": "measured * 100",
    "explain": {"ja": "{place} {measured} m × 100円"},
    "surveyed": SURVEY | {"estimate": "length"},
}


def judged_rows(rows: list[tuple[str, int]], known: Any = None, **settings: Any) -> Evaluation:
    sites = field("sites", "group", fields=[field("place", "text"), field("length", "integer", min=0, max=500)])
    answers = {"sites": [{"place": place, "length": length} for place, length in rows]}
    facts = {} if known is None else {SURVEYED: known}
    return evaluate(definition(sites, fee=[BY_ROW | settings]), answers, facts, today=TODAY)


def test_each_row_is_measured_by_itself() -> None:
    rows = [("東町", 12), ("西町", 20)]
    assert [(line.state, line.amount, line.row) for line in judged_rows(rows).fee.lines] == [
        ("survey", 1_200, 0),
        ("survey", 2_000, 1),
    ]
    first, second = judged_rows(rows, {"repair.1": {"estimate": "20.0", "figure": "18.5"}}).fee.lines
    assert (first.state, first.amount) == ("survey", 1_200)
    assert (second.state, second.amount) == ("due", 1_850)
    assert second.explanation and second.explanation.ja == "西町 18.5 m × 100円（実測した掘削した長さ 18.5 m）"
    both = {"repair.0": {"estimate": "12.0", "figure": "0.0"}, "repair.1": {"estimate": "20.0", "figure": "18.5"}}
    assert judged_rows(rows, both).fee.due("approved") == 1_850


def test_a_figure_of_all_rows_or_of_another_row_is_not_that_of_a_row() -> None:
    known = {"repair": {"estimate": "12.0", "figure": "1"}, "repair.1": {"estimate": "12.0", "figure": "2"}}
    assert judged_rows([("東町", 12)], known).fee.lines[0].state == "survey"


def test_rows_paid_in_advance_are_due_on_their_estimates() -> None:
    in_advance = SURVEY | {"estimate": "length", "advance": True}
    fee = judged_rows(
        [("東町", 12), ("西町", 20)], {"repair.0": {"estimate": "12.0", "figure": "10"}}, surveyed=in_advance
    ).fee
    assert fee.due("submission") == 1_000 + 2_000


@pytest.mark.parametrize(
    "known", [[], "12", {"repair": "12"}, {"repair": {}}, {"other": {"estimate": "12.0", "figure": "1"}}]
)
def test_facts_of_another_shape_count_as_not_measured(known: Any) -> None:
    assert judged(LINE, known).fee.lines[0].state == "survey"


def test_what_is_free_or_impossible_is_not_measured() -> None:
    assert judged(LINE | {"waived_when": "asks"}).fee.lines[0].state == "waived"
    assert judged(LINE | {"surveyed": SURVEY | {"estimate": "n - 20"}}).fee.lines[0].state == "refused"


@pytest.mark.parametrize(
    ("settings", "more", "said"),
    [
        ({"amount": "n * 5200", "explain": {"ja": "料金"}}, {}, "実測した値「measured」を使っていません"),
        (
            {"surveyed": SURVEY | {"id": "n"}, "amount": "n * 1", "explain": {"ja": "料金"}},
            {},
            "ほかの意味で使われている名前",
        ),
        ({"surveyed": SURVEY | {"measured_by": "nobody"}}, {}, "nobody"),
        ({}, {"fee_total": {"minimum": 100}}, "実測で決まる行があるので"),
        ({"reduction": {"label": {"ja": "減免"}, "when": "asks", "rate": 50}}, {}, "同じ行に書けません"),
    ],
)
def test_what_cannot_be_measured_is_said_when_it_is_written(
    settings: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    written = text(field("n", "integer", min=0, max=10_000), field("asks", "yes_no"), fee=[LINE | settings], **more)
    assert any(said in fault.message for fault in check(written))
