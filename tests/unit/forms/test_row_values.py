"""Named values of rows: they stand for their expression, inside the row, in loops over rows and in rules for each row."""

from typing import Any

import pytest

from forms import check
from tests.unit.forms.making import definition, field, judged, text

FACES: list[dict[str, Any]] = [
    field("width", "number", decimals=1),
    field("height", "number", decimals=1, required=False),
    field("photo", "text", show_when="large"),
    field("pieces", "group", min=0, required=False, fields=[field("n", "integer")]),
]
COMPUTE = [
    {"id": "area", "value": "width * height"},
    {"id": "large", "value": "area > 5 && answered(height)"},
]


def faces(**more: Any) -> dict[str, Any]:
    return field("faces", "group", fields=FACES, max=9, compute=more.pop("compute", COMPUTE), **more)


def test_a_value_of_a_row_is_used_like_an_answer_of_the_row() -> None:
    made = definition(
        faces(),
        compute=[{"id": "total", "value": "sum(faces.map(f, f.area))"}],
        fee=[{"label": {"ja": "料"}, "each": "faces", "amount": "area * 100", "applies_when": "large"}],
    )
    rows = [{"width": 2, "height": 3, "photo": "x"}, {"width": 2, "height": 1.5}, {"width": 9}]
    evaluation = judged(made, {"faces": rows})
    assert (evaluation.computed["total"], evaluation.fee.total) == (9, 600)
    assert evaluation.is_visible("faces.0.photo")
    assert not evaluation.is_visible("faces.1.photo")
    assert not evaluation.is_visible("faces.2.photo"), "a height that nobody gave is none"
    unsound = judged(made, {"faces": [{"width": "?", "height": 3}]})
    assert "total" not in unsound.computed, "what stands on an answer to be corrected waits for it"


def test_a_loop_in_a_value_is_none_of_the_loop_around_it() -> None:
    compute = [{"id": "count", "value": "pieces.filter(f, f.n > 1).size()"}, {"id": "double", "value": "count * 2"}]
    made = definition(
        field("faces", "group", fields=[FACES[0], FACES[3]], compute=compute),
        compute=[{"id": "total", "value": "sum(faces.filter(f, f.count > 0).map(f, f.double + f.width))"}],
    )
    rows = [{"width": 1, "pieces": [{"n": 1}, {"n": 2}, {"n": 3}]}, {"width": 5, "pieces": [{"n": 1}]}]
    assert judged(made, {"faces": rows}).computed["total"] == 5


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        ([{"id": "area", "value": "width * hight"}], "height"),
        ([{"id": "area", "value": "twice"}, {"id": "twice", "value": "width"}], "twice"),
        ([{"id": "area", "value": "outside + width"}], "outside"),
        ([{"id": "width", "value": "1"}], "同じ名前"),
    ],
)
def test_a_value_knows_its_row_and_what_stands_above_it(compute: list[dict[str, str]], words: str) -> None:
    source = text(field("outside", "integer"), field("faces", "group", fields=[*FACES[:2]], compute=compute))
    assert [True for fault in check(source) if fault.severity == "error" and words in str(fault)]
