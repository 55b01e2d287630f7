"""What holds for every field type: no input breaks it, and what it reads it writes back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields import FIELD_TYPES, FieldType, Reading
from forms.text.eras import era_year
from forms.text.messages import messages
from tests.unit.fields.making import CONTEXT, TODAY, make, posted, unhurried

TYPES = sorted(FIELD_TYPES)
FIELDS = [make(kind) for kind in TYPES]
PARTS = (
    "", "family", "given", "start", "end", "postal_code", "prefecture", "city", "town", "block", "building", "files",
    "geometry", "source", "label", "lat", "lon", "length", "width", "bearing", "coordinates", "name", "strokes",
    "bank_name", "bank_code", "branch_name", "branch_code", "kind", "number", "holder", "0.kind", "0.count", "1", "2", "small", "large", "a", "b",
    "7.count", "country",
    "lines",
)  # fmt: skip

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(PARTS), inner, max_size=5),
    max_leaves=12,
)
near_misses = st.sampled_from(
    [
        {"geometry": {"type": "Point", "coordinates": [float("nan"), 35.0]}, "source": "drawn"},
        {"geometry": {"type": "Polygon", "coordinates": [[[139, 35]]]}, "source": "drawn"},
        {"geometry": {"type": "Polygon", "coordinates": [[]]}, "source": "drawn"},
        {"geometry": {"type": "LineString", "coordinates": "x"}, "source": 3},
        {"geometry": {"type": ["Point"], "coordinates": None}, "source": "drawn"},
        [{"id": [], "name": "x", "size": True, "media_type": "image/jpeg"}],
        {"family": "\ud800", "given": None},
        {"start": "2026-01-01", "end": "2025-01-01"},
        [{"kind": "small", "count": 10**400}],
        10**400,
        [["small"]],
        {"name": "x", "strokes": [[[1, 2], [float("inf"), 0]]]},
    ]
)
CURIOUS = (
    "35.7", "139.4", "０", "-1", "1e999", "NaN", "令和8年2月30日", "yes", "small", "f1", "\0", "\ud800", "9" * 6000,
    "[" * 5000, '{"type":"Point","coordinates":[139.4,35.7]}', '{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}',
)  # fmt: skip
typed: st.SearchStrategy[Mapping[str, str | list[str]]] = st.dictionaries(
    st.sampled_from(PARTS),
    st.text() | st.lists(st.text(), max_size=3) | st.sampled_from(CURIOUS),
    max_size=8,
)

texts = st.text(alphabet="佐藤髙﨑さとうサトーｻﾄｳAbＡ１ 　-ー・がか\u3099", min_size=1, max_size=12)
kana = st.text(alphabet="さとうサトーｻﾞﾄｳゔ", min_size=1, max_size=12)
day = st.dates(date(1900, 1, 1), TODAY).map(
    lambda day_of_era: f"{era_year(day_of_era)}{day_of_era.month}月{day_of_era.day}日"
)
degrees = st.tuples(st.floats(35.6, 35.8), st.floats(139.3, 139.6)).map(lambda at: f"{at[0]:.8f}, {at[1]:.8f}")
#: What people could well type, so that most of it is accepted.
PLAUSIBLE: dict[str, st.SearchStrategy[Mapping[str, str | list[str]]]] = {
    "text": st.fixed_dictionaries({"": texts}),
    "long_text": st.fixed_dictionaries({"": st.lists(texts, max_size=4).map("\r\n".join)}),
    "integer": st.fixed_dictionaries({"": st.integers(0, 10**15).map(lambda number: f"{number:,}")}),
    "number": st.fixed_dictionaries({"": st.floats(0, 1e9).map(lambda number: f"{number:.2f}")}),
    "money": st.fixed_dictionaries({"": st.integers(0, 10**12).map(lambda number: f"￥{number:,}円")}),
    "date": st.fixed_dictionaries({"": day}),
    "birthday": st.fixed_dictionaries({"": day}),
    "date_range": st.fixed_dictionaries({"start": day, "end": day}),
    "time": st.fixed_dictionaries({"": st.times().map(lambda clock: f"{clock.hour}時{clock.minute}分")}),
    "choices": st.fixed_dictionaries({"": st.lists(st.sampled_from(["small", "large"]), min_size=1, max_size=3)}),
    "ranking": st.fixed_dictionaries({"1": st.sampled_from(["small", "large"])}),
    "quantities": st.fixed_dictionaries({"small": st.integers(0, 9).map(str), "large": st.integers(1, 9).map(str)}),
    "matrix": st.fixed_dictionaries({"a": st.just("small"), "b": st.sampled_from(["small", "large"])}),
    "yes_no": st.fixed_dictionaries({"": st.sampled_from(["yes", "no"])}),
    "person_name": st.fixed_dictionaries({"family": texts, "given": texts}),
    "person_kana": st.fixed_dictionaries({"family": kana, "given": kana}),
    "address": st.fixed_dictionaries(
        {
            "postal_code": st.integers(0, 9_999_999).map("{:07}".format),
            "prefecture": st.just("東京"),
            "city": texts,
            "block": texts,
        },
        optional={"town": texts, "building": texts},
    ),
    "phone": st.fixed_dictionaries({"": st.integers(10_000_000, 99_999_999).map("０９０-{}".format)}),
    "photo": st.fixed_dictionaries({"files": st.lists(st.sampled_from(["f1", "f2", "f3"]), min_size=1, max_size=4)}),
    "point": degrees.map(lambda at: dict(zip(("lat", "lon"), at.split(", "), strict=True))),
    "line": st.fixed_dictionaries({"coordinates": st.lists(degrees, min_size=2, max_size=9).map("\n".join)}),
    "polygon": st.fixed_dictionaries({"coordinates": st.lists(degrees, min_size=3, max_size=4).map("\n".join)}),
    "signature": st.fixed_dictionaries({"name": texts}),
}


@unhurried
@given(value=json_values | near_misses)
def test_no_value_breaks_a_check(value: Any) -> None:
    for field in FIELDS:
        for error in field.check(value, CONTEXT):
            assert error.message("ja")
            assert error.code in messages()
        field.inputs(value)
        assert isinstance(field.show(value, "ja"), str)
        field.cel_values(value, {})


@unhurried
@given(inputs=typed)
def test_what_is_read_is_valid_and_written_back(inputs: Mapping[str, str | list[str]]) -> None:
    for field in FIELDS:
        reading = field.read(posted(inputs), CONTEXT)
        assert all(error.message("en") for error in reading.errors)
        if reading.value is not None:
            _is_sound(field, reading)


@pytest.mark.parametrize("kind", sorted(PLAUSIBLE))
@unhurried
@given(data=st.data())
def test_an_answer_is_written_back_as_it_was_read(kind: str, data: st.DataObject) -> None:
    field = make(kind)
    reading = field.read(posted(data.draw(PLAUSIBLE[kind])), CONTEXT)
    if reading.value is not None:
        _is_sound(field, reading)


def _is_sound(field: FieldType, reading: Reading) -> None:
    assert not reading.errors
    assert field.check(reading.value, CONTEXT) == []
    assert json.loads(json.dumps(reading.value)) == reading.value
    assert field.read(posted(field.inputs(reading.value)), CONTEXT).value == reading.value
    assert set(field.cel_values(reading.value, {})) <= set(field.cel_types())


@pytest.mark.parametrize("kind", [kind for kind in TYPES if FIELD_TYPES[kind].is_question])
def test_an_empty_answer_is_an_error_only_where_it_is_needed(kind: str) -> None:
    assert make(kind).read(posted({}), CONTEXT).errors
    assert make(kind).check(None, CONTEXT)
    optional = make(kind, required=False)
    assert optional.read(posted({}), CONTEXT).errors == ()
    assert optional.check(None, CONTEXT) == []


@pytest.mark.parametrize("kind", TYPES)
def test_an_unknown_setting_is_rejected(kind: str) -> None:
    with pytest.raises(ValueError, match="extra"):
        make(kind, colour="red")


def test_labels_come_from_the_item_unless_written() -> None:
    assert make("person_name", item="person.name").label_in("ja") == "氏名"
    assert make("person_name", item="person.name").label_in("en") == "Your name"
    assert make("person_name", item="person.name", label={"ja": "お名前"}).label_in("ja") == "お名前"
    assert make("text").label_in("ja") == "q"
