"""Dotted paths to questions, rows and parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields.path import FieldPath, head_of, joined

PARTS = st.lists(st.text(alphabet=st.characters(exclude_characters="."), min_size=1), max_size=5)


@given(st.text())
def test_any_text_is_a_path_that_is_written_as_it_was_read(text: str) -> None:
    assert str(FieldPath.parse(text)) == text


@given(PARTS)
def test_a_path_that_is_written_is_read_as_the_same(parts: list[str]) -> None:
    path = FieldPath(tuple(parts))
    assert FieldPath.parse(str(path)) == path
    assert (path.head, *path.rest.parts) == (tuple(parts) or ("",))


@given(PARTS, PARTS)
def test_what_is_joined_is_found_within(outer: list[str], inner: list[str]) -> None:
    path = FieldPath(tuple(outer)) / FieldPath(tuple(inner))
    assert path.within(FieldPath(tuple(outer))) == FieldPath(tuple(inner))
    assert joined(".".join(outer), ".".join(inner)) == str(path)


@pytest.mark.parametrize(
    ("text", "head", "row", "in_row"),
    [
        ("children.0.name", "children", 0, "name"),
        ("children.12.home.city", "children", 12, "home.city"),
        ("children.3", "children", 3, ""),
        ("area.geometry", "area", None, ""),
        ("name", "name", None, ""),
        ("items.-1.kind", "items", None, ""),
        ("items.１.kind", "items", None, ""),
        ("items.1000.kind", "items", None, ""),
        ("", "", None, ""),
    ],
)
def test_a_path_leads_to_a_question_a_row_and_a_part(text: str, head: str, row: int | None, in_row: str) -> None:
    path = FieldPath.parse(text)
    assert (path.head, path.row, str(path.in_row)) == (head, row, in_row)
    assert head_of(text) == head


def test_a_check_names_its_step() -> None:
    assert FieldPath.parse("checks.who").step == "who"
    assert FieldPath.of_check("who") == FieldPath.parse("checks.who")
    assert FieldPath.parse("checked.who").step is None


def test_a_longer_name_is_not_within_a_shorter_one() -> None:
    assert FieldPath.parse("name_kana.family").within(FieldPath.parse("name")) is None
    assert FieldPath.parse("name").within(FieldPath.parse("name")) == FieldPath()
