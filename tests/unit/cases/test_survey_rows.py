"""Which row is which after a correction, so that what was measured of one is never said of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.survey_rows import followed_rows


def rows(words: str) -> list[dict[str, str]]:
    return [{"place": letter} for letter in words]


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("ab", "ab", {0: 0, 1: 1}),
        ("ab", "ba", {0: 1, 1: 0}),
        ("ab", "b", {1: 0}),
        ("abc", "acd", {0: 0, 2: 1}),
        ("ab", "xab", {0: 1, 1: 2}),
        ("ab", "ax", {0: 0, 1: 1}),
        ("ab", "x", {}),
        ("aa", "a", {}),
        ("aa", "aab", {0: 0, 1: 1}),
        ("aab", "aba", {0: 0, 1: 2, 2: 1}),
        ("abc", "bxa", {0: 2, 1: 0}),
        ("", "a", {}),
    ],
)
def test_rows_are_followed_by_what_they_say_and_where_they_stand(
    before: str, after: str, places: dict[int, int]
) -> None:
    assert followed_rows(rows(before), rows(after)) == places


@given(st.text("ab", max_size=5), st.text("abc", max_size=5))
def test_no_two_rows_come_to_one_place(before: str, after: str) -> None:
    places = followed_rows(rows(before), rows(after))
    assert len(set(places.values())) == len(places)
    assert all(number < len(before) and place < len(after) for number, place in places.items())
