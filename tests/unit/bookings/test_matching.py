"""Who gets what where each place has its own order: nobody misses a place that went to somebody behind them there."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from portal.bookings.matching import Wish, matched
from portal.bookings.rules import Pool, Want, lacking


def wish(place: str, rank: int, size: int = 1, amount: int = 1) -> Wish:
    return Wish(Want(Pool("places", "", place), amount, size), rank)


def test_one_order_for_all_is_gone_through() -> None:
    entries = {"a": [wish("x", 1), wish("y", 1)], "b": [wish("x", 2), wish("y", 2)], "c": [wish("x", 3)]}
    assert matched(entries, []) == {"a": 0, "b": 1}


def test_who_is_first_at_a_place_gets_it_from_who_is_first_elsewhere() -> None:
    """b has a sister at x: a, who has more points in all, goes to the second wish."""
    entries = {"a": [wish("x", 2), wish("y", 1)], "b": [wish("x", 1), wish("y", 4)], "c": [wish("y", 3)]}
    assert matched(entries, []) == {"a": 1, "b": 0}


def test_who_was_turned_away_late_turns_others_away() -> None:
    entries = {"a": [wish("x", 1)], "b": [wish("x", 2), wish("y", 3)], "c": [wish("y", 4), wish("z", 5)]}
    assert matched(entries, []) == {"a": 0, "b": 1, "c": 1}


def test_what_is_taken_is_not_given_again() -> None:
    taken = [Want(Pool("places", "", "x"), 1, 2)]
    entries = {"a": [wish("x", 2, size=2)], "b": [wish("x", 1, size=2), wish("y", 3, size=2)]}
    assert matched(entries, taken) == {"b": 0}


def test_nobody_enters_without_a_wish_and_places_of_two_leave_none_empty() -> None:
    assert matched({"a": [], "b": []}, []) == {}
    entries = {
        "pair": [wish("x", 2, size=2, amount=2), wish("y", 5, size=2, amount=2)],
        "one": [wish("x", 3, size=2)],
        "first": [wish("x", 1, size=2)],
    }
    assert matched(entries, []) == {"first": 0, "pair": 1, "one": 0}


@st.composite
def markets(draw: st.DrawFn) -> tuple[Mapping[str, Sequence[Wish]], Mapping[str, int]]:
    sizes = {place: draw(st.integers(0, 2)) for place in "xyz"}
    keys = [f"e{number}" for number in range(draw(st.integers(0, 7)))]
    order = {place: draw(st.permutations(keys)) for place in sizes}
    entries = {}
    for key in keys:
        chosen = draw(st.lists(st.sampled_from("xyz"), unique=True, max_size=3))
        entries[key] = [wish(place, 1 + order[place].index(key), size=sizes[place]) for place in chosen]
    return entries, sizes


@given(markets())
def test_no_place_is_given_once_too_often_and_nobody_is_passed_over(
    market: tuple[Mapping[str, Sequence[Wish]], Mapping[str, int]],
) -> None:
    entries, sizes = market
    given_to = {key: entries[key][number] for key, number in matched(entries, []).items()}
    holders = {place: [key for key, got in given_to.items() if got.want.pool.key == place] for place in sizes}
    assert all(len(of_place) <= sizes[place] for place, of_place in holders.items())
    for key, wishes in entries.items():
        better = wishes[: wishes.index(given_to[key])] if key in given_to else wishes
        for missed in better:
            of_place = holders[missed.want.pool.key]
            ranks = {other: given_to[other].rank for other in of_place}
            assert lacking([missed.want], [given_to[other].want for other in of_place]), (
                "a place that is free is not missed"
            )
            assert all(rank < missed.rank for rank in ranks.values()), "nor one that somebody behind has"
