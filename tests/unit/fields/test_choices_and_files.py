"""Choices, yes and no, consent, files, signatures, groups."""

from typing import Any

import pytest

from forms.fields import ReadContext
from tests.unit.fields.making import CONTEXT, FILES, OPTIONS, TODAY, codes, make, posted, read, value_of


def test_a_choice_and_its_values() -> None:
    field = make("choice")
    assert value_of(field, _="large") == "large"
    assert field.show("large", "en") == "Large"
    assert field.cel_types() == {"": "string", "label": "string", "fee": "int"}
    assert field.cel_values("large", {}) == {"": "large", "label": "大きい", "fee": 800}
    assert codes(read(field, _="huge")) == [("", "choice")]


def test_many_options_become_a_select_list() -> None:
    many = [{"id": f"o{number}", "label": {"ja": str(number)}} for number in range(9)]
    assert make("choice", options=many).as_list(9)
    assert not make("choice", options=many, display="cards").as_list(9)
    assert not make("choice").as_list(3)


@pytest.mark.parametrize(
    "options",
    [
        [OPTIONS[0], OPTIONS[0]],
        [OPTIONS[0], {"id": "x", "label": {"ja": "x"}}],
        [OPTIONS[0], {"id": "x", "label": {"ja": "x"}, "values": {"fee": "800"}}],
        [],
    ],
)
def test_options_that_do_not_agree_are_rejected(options: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"選択肢|options"):
        make("choice", options=options)


def test_several_choices_come_in_the_order_of_the_definition() -> None:
    field = make("choices", max=1, min=0)
    assert value_of(make("choices"), _=["large", "small", "large"]) == ["small", "large"]
    assert codes(read(field, _=["large", "small"])) == [("", "choices_max")]
    assert codes(read(make("choices", min=2), _=["large"])) == [("", "choices_min")]
    assert make("choices").check(["large", "small"], CONTEXT)  # not the order of the definition: a forged value


def test_yes_and_no() -> None:
    field = make("yes_no", no={"ja": "いない"})
    assert value_of(field, _="yes") is True
    assert value_of(field, _="no") is False
    assert (field.show(True, "ja"), field.show(False, "ja")) == ("はい", "いない")
    assert codes(read(field, _="maybe")) == [("", "choice")]


def test_consent_must_be_given() -> None:
    assert codes(read(make("consent"))) == [("", "consent")]
    assert value_of(make("consent"), _="yes") is True
    assert make("consent").check(False, CONTEXT)


def test_a_file_counts_only_if_the_applicant_has_it() -> None:
    assert value_of(make("file"), files=["f1", "f1"]) == [FILES["f1"]]
    assert codes(read(make("file"), files=["f1", "somebody-elses"])) == [("", "file_gone")]
    assert codes(read(make("file"), ReadContext(TODAY), files=["f1"])) == [("", "file_gone")]


def test_limits_of_files() -> None:
    four = make("photo", min=4, max=20)
    reading = read(four, files=["f1", "f2", "f3"])
    assert reading.errors[0].message("ja") == "写真を4枚以上つけてください。いまは3枚です。"
    assert codes(read(make("file", max=1), files=["f1", "f2"])) == [("", "files_max")]
    assert codes(read(make("file", accept=["pdf"]), files=["f1"])) == [("", "file_type")]
    large = [{"id": "f1", "name": "大.jpg", "size": 10_000_001, "media_type": "image/jpeg"}]
    assert [error.code for error in make("file").check(large, CONTEXT)] == ["file_size"]
    assert make("photo").cel_values(value_of(make("photo"), files=["f1", "f2"]), {}) == {"count": 2}


def test_a_signature_is_a_typed_name_with_strokes_or_without() -> None:
    field = make("signature")
    assert value_of(field, name="佐藤　美咲") == {"name": "佐藤 美咲"}
    assert value_of(field, name="佐藤", strokes="[[[0,0],[10,20.5]]]") == {
        "name": "佐藤",
        "strokes": [[[0, 0], [10, 20.5]]],
    }
    assert codes(read(field, strokes="[[[0,0]]]")) == [("name", "signature")]
    for wrong in ("[[[0,0],[9999,0]]]", "{", "[]", "[[[null,0]]]", "[" * 9000):
        assert codes(read(field, name="佐藤", strokes=wrong)) == [("", "signature_strokes")]


def test_a_group_reads_its_rows_and_drops_empty_ones() -> None:
    field = make("group")
    assert value_of(field, **{"0__kind": "small", "0__count": "2", "1__kind": "", "5__kind": "large"}) == [
        {"kind": "small", "count": 2},
        {"kind": "large"},
    ]


def test_an_error_in_a_group_names_the_row_that_was_posted() -> None:
    assert codes(read(make("group"), **{"0__kind": "small", "5__count": "x"})) == [
        ("5.kind", "choice_missing"),
        ("5.count", "integer"),
    ]


def test_the_number_of_rows() -> None:
    assert codes(read(make("group", min=2), **{"0__kind": "small"})) == [("", "rows_min")]
    assert codes(read(make("group", max=1), **{"0__kind": "small", "1__kind": "small"})) == [("", "rows_max")]
    assert codes(read(make("group"))) == [("", "rows_min")]


def test_a_row_asks_only_what_shows() -> None:
    field = make(
        "group", fields=[{"id": "kind", "type": "choice", "options": OPTIONS}, {"id": "count", "type": "integer"}]
    )
    kind, count = field.fields
    context = ReadContext(
        TODAY, shown_in_row=lambda _, rows, number: [kind, count] if rows[number].get("kind") == "large" else [kind]
    )
    hidden = field.read(posted({"0.kind": "small", "0.count": "x"}), context)
    assert hidden.value == [{"kind": "small"}]
    assert codes(field.read(posted({"0.kind": "large"}), context)) == [("0.count", "required")]
    assert field.check([{"kind": "small"}], context) == []


@pytest.mark.parametrize(
    "fields",
    [
        [{"id": "a", "type": "text"}, {"id": "a", "type": "text"}],
        [
            {
                "id": "a",
                "type": "group",
                "fields": [{"id": "b", "type": "group", "fields": [{"id": "c", "type": "text"}]}],
            }
        ],
        [{"id": "a", "type": "group", "fields": [{"id": "b", "type": "point"}]}],
        [{"id": "a", "type": "group", "max": 500, "fields": [{"id": "b", "type": "text"}]}],
    ],
)
def test_invalid_groups_are_rejected(fields: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"くり返し|union_tag|行まで"):
        make("group", fields=fields)


def test_a_group_is_shown_as_text() -> None:
    assert make("group").show([{"kind": "small", "count": 2}, {"kind": "large"}], "ja") == "小さい、2\n大きい"
