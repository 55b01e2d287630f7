"""Wishes in an order, numbers of things, and a scale for each of several things."""

from typing import Any

import pytest

from forms import check
from tests.unit.fields.making import CONTEXT, make, read
from tests.unit.forms.making import choice, definition, field, judged, text

PIECES = [
    {"id": "sofa", "label": {"ja": "ソファ", "en": "Sofa"}, "price": 1200},
    {"id": "shelf", "label": {"ja": "棚"}, "price": 400},
]


def codes(reading: Any) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in reading.errors]


def test_wishes_are_kept_in_their_order() -> None:
    wishes = make("ranking", max=2)
    reading = read(wishes, **{"1": "large", "2": "small"})
    assert reading.value == ["large", "small"]
    assert wishes.show(reading.value, "ja") == "第1希望：大きい\n第2希望：小さい"
    assert wishes.inputs(reading.value) == {"1": "large", "2": "small"}


@pytest.mark.parametrize(
    ("inputs", "faults"),
    [
        ({"2": "large"}, [("1", "ranking_gap")]),
        ({"1": "large", "2": "large"}, [("2", "ranking_twice")]),
        ({"1": "elsewhere"}, [("1", "choice")]),
        ({"1": "small"}, [("", "ranking_min")]),
        ({}, [("", "choice_missing")]),
    ],
)
def test_a_faulty_order_is_refused_where_it_is(inputs: dict[str, str], faults: list[tuple[str, str]]) -> None:
    assert codes(read(make("ranking", min=2, max=2), **inputs)) == faults


def test_expressions_know_the_place_of_a_wish() -> None:
    made = definition(
        choice("wishes", "north", "south", "east") | {"type": "ranking"},
        field("why", "text", show_when="rank(wishes, 'south') == 1"),
        compute=[{"id": "place", "value": "rank(wishes, 'east')"}],
    )
    assert "why" in judged(made, {"wishes": ["south", "north"]}).visible
    assert "why" not in judged(made, {"wishes": ["north", "south"]}).visible
    assert judged(made, {"wishes": ["north", "south"]}).computed == {"place": 0}
    assert list(judged(made, {"wishes": ["north", "north"]}).field_errors) == ["wishes.2"]


def test_numbers_are_counted_and_priced() -> None:
    made = definition(
        field("pieces", "quantities", options=PIECES, max=5),
        fee=[
            {
                "label": {"ja": "料"},
                "amount": "pieces.price",
                "explain": {"ja": "{pieces.count}点、ソファ{pieces.sofa}"},
            }
        ],
    )
    evaluation = judged(made, {"pieces": {"sofa": 2, "shelf": 1}})
    assert evaluation.answers["pieces"] == [{"id": "sofa", "count": 2}, {"id": "shelf", "count": 1}]
    assert (evaluation.fee.total, evaluation.fee.lines[0].explanation.ja) == (2800, "3点、ソファ2")
    pieces = made.fields["pieces"]
    assert pieces.show(evaluation.answers["pieces"], "en") == "Sofa × 2\n棚 × 1"
    assert pieces.inputs(evaluation.answers["pieces"]) == {"sofa": "2", "shelf": "1"}
    assert judged(made, {"pieces": [{"id": "sofa", "count": 1, "price": 0}]}).field_errors
    assert judged(made, {"pieces": {"sofa": 6}}).field_errors["pieces"][0].code == "quantities_max"


def test_numbers_are_read_as_people_write_them() -> None:
    pieces = make("quantities", options=PIECES)
    assert read(pieces, sofa="２", shelf="0").value == [{"id": "sofa", "count": 2}]
    assert codes(read(pieces, sofa="0")) == [("", "quantities_min")]
    assert codes(read(pieces, sofa="-1", shelf="たくさん")) == [("sofa", "quantity"), ("shelf", "quantity")]


def test_a_scale_is_asked_for_each_row_and_its_numbers_are_summed() -> None:
    rows = [{"id": "eating", "label": {"ja": "食事"}}, {"id": "bathing", "label": {"ja": "入浴"}}]
    scale = [
        {"id": name, "label": {"ja": name}, "values": {"points": points}}
        for name, points in (("alone", 0), ("helped", 3))
    ]
    made = definition(
        field("living", "matrix", rows=rows, scale=scale),
        field("who", "text", show_when="living.bathing == 'helped' && living.points > 2"),
    )
    living = made.fields["living"]
    assert "who" in judged(made, {"living": {"eating": "alone", "bathing": "helped"}}).visible
    assert list(judged(made, {"living": {"eating": "alone"}}).field_errors) == ["living.bathing"]
    assert codes(read(living, eating="alone", bathing="x")) == [("bathing", "choice")]
    assert living.show({"bathing": "helped", "eating": "alone"}, "ja") == "食事：alone\n入浴：helped"
    assert living.check({"sleeping": "alone"}, CONTEXT)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (field("q", "quantities", options=[{"id": "count", "label": {"ja": "x"}}]), "count"),
        (field("q", "ranking", options=PIECES, min=3), "min"),
        (field("q", "ranking", options={"layer": "lamps", "id": "no", "label": "name"}), "layer"),
        (
            field(
                "q",
                "matrix",
                rows=[{"id": "points", "label": {"ja": "x"}}],
                scale=[{"id": n, "label": {"ja": n}, "values": {"points": 1}} for n in "ab"],
            ),
            "points",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_faults(question: dict[str, Any], words: str) -> None:
    assert any(words in str(fault) for fault in check(text(question)) if fault.severity == "error")
