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


def plain_faces(compute: list[dict[str, Any]]) -> dict[str, Any]:
    return field("faces", "group", fields=FACES[:2], max=9, compute=compute)


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
        ([{"id": "area", "value": "twice / 2"}, {"id": "twice", "value": "area * 2"}], "輪"),
        ([{"id": "share", "value": "width / sum(faces.map(f, f.share))"}], "輪"),
        ([{"id": "area", "value": "outsied + width"}], "outside"),
        ([{"id": "width", "value": "1"}], "同じ名前"),
    ],
)
def test_a_value_that_cannot_be_worked_out_is_a_fault(compute: list[dict[str, str]], words: str) -> None:
    source = text(field("outside", "integer"), field("faces", "group", fields=[*FACES[:2]], compute=compute))
    assert [True for fault in check(source) if fault.severity == "error" and words in str(fault)]


def test_a_value_of_a_row_speaks_of_what_stands_outside_in_any_order() -> None:
    compute = [{"id": "price", "value": "area * per_metre"}, {"id": "area", "value": "width * height"}]
    made = definition(
        field("grade", "integer", min=1, max=3),
        plain_faces(compute),
        compute=[
            {"id": "total", "value": "sum(faces.filter(f, f.width > grade).map(f, f.price))"},
            {"id": "per_metre", "value": "grade * 100"},
        ],
        fee=[{"label": {"ja": "料"}, "each": "faces", "amount": "price", "applies_when": "price < total"}],
    )
    rows = [{"width": 3, "height": 2}, {"width": 4, "height": 5}, {"width": 1, "height": 9}]
    evaluation = judged(made, {"grade": 2, "faces": rows})
    assert evaluation.computed["total"] == 1200 + 4000
    assert evaluation.fee.total == 1200 + 4000 + 1800
    later = judged(made, {"faces": rows})
    assert "total" not in later.computed, "it waits for the answer outside"


def test_a_value_of_rows_in_rows_speaks_of_the_row_around_and_of_what_stands_outside() -> None:
    pieces = FACES[3] | {"compute": [{"id": "cost", "value": "n * width * rate"}]}
    made = definition(
        field("rate", "integer"),
        field(
            "faces",
            "group",
            fields=[FACES[0], pieces],
            compute=[{"id": "of_face", "value": "sum(pieces.map(p, p.cost))"}],
        ),
        compute=[
            {"id": "by_piece", "value": "sum(faces.map(f, sum(f.pieces.map(p, p.cost))))"},
            {"id": "by_face", "value": "sum(faces.map(f, f.of_face))"},
        ],
    )
    rows = [{"width": 2, "pieces": [{"n": 1}, {"n": 3}]}, {"width": 5, "pieces": [{"n": 2}]}]
    computed = judged(made, {"rate": 10, "faces": rows}).computed
    assert computed["by_piece"] == computed["by_face"] == (2 + 6 + 10) * 10


def test_values_that_double_each_other_are_refused_before_they_grow() -> None:
    compute = [{"id": "v0", "value": "width"}]
    compute += [{"id": f"v{n}", "value": f"v{n - 1} + v{n - 1}"} for n in range(1, 20)]
    faults = [item for item in check(text(plain_faces(compute))) if item.severity == "error"]
    assert faults
    assert "大きくなりすぎます" in faults[0].message
