"""Tables that a city shares, in definitions: what they demand, and what stands in where there is no city."""

from typing import Any

import pytest

from forms import check, document_of, load, load_document
from forms.definition.lists import lists_in
from tests.unit.forms.making import field, judged, text

TABLE: dict[str, Any] = {
    "id": "schools",
    "shared": "primary-schools",
    "columns": {"code": "string", "name": "string", "price": "int"},
    "key": ["code"],
    "rows": [{"code": "x", "name": "見本小学校", "price": 100}],
}
FORM = text(
    field("school", "choice", options={"table": "schools", "label": "name"}),
    tables=[TABLE],
    fee=[{"label": {"ja": "料"}, "amount": "schools.price(school)"}],
)
LISTS = {"primary-schools": [{"code": 1, "name": "第一小学校", "price": 300, "ward": "east"}]}


def test_the_rows_of_the_city_take_the_place_of_those_that_stand_in() -> None:
    assert judged(load(FORM), {"school": "x"}).fee.total == 100
    with_city = load(FORM, LISTS)
    assert judged(with_city, {"school": "1"}).fee.total == 300
    assert "school" in judged(with_city, {"school": "x"}).field_errors
    assert [fault for fault in check(FORM, lists=LISTS) if fault.severity == "error"] == []


def test_what_was_published_keeps_its_rows() -> None:
    document = document_of(load(FORM, LISTS))
    assert judged(load_document(document), {"school": "1"}).fee.total == 300
    again = load(FORM, lists_in(document))
    assert judged(again, {"school": "1"}).fee.total == 300


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"code": "1", "name": "第一小学校"}], "列"),
        ([{"code": "1", "name": "第一小学校", "price": "無料"}], "price"),
        ([{"code": "1", "name": "あ", "price": 1}, {"code": "1", "name": "い", "price": 2}], "重なって"),
    ],
)
def test_a_list_that_does_not_fit_is_a_fault(rows: list[dict[str, Any]], words: str) -> None:
    faults = [fault for fault in check(FORM, lists={"primary-schools": rows}) if fault.severity == "error"]
    assert any(words in str(fault) and fault.path.startswith("tables.0") for fault in faults), faults


@pytest.mark.parametrize("wrong", [{"columns": {}}, {"shared": None}, {"columns": {"name": "string"}}])
def test_a_shared_table_says_what_it_uses(wrong: dict[str, Any]) -> None:
    table = {name: value for name, value in {**TABLE, **wrong}.items() if value is not None}
    faults = check(text(field("a", "text"), tables=[table]))
    assert any(fault.path.startswith("tables.0") for fault in faults if fault.severity == "error")
