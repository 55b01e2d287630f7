"""Reading the desk's address: whatever its query, the page has a list, and its links carry the same query."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from common.status import OPEN_STATUSES, STATUSES
from portal.core.access import StaffIdentity
from portal.desk.listing import KEPT, listing, mark_after

STAFF = StaffIdentity(7, "高橋", "t@example.jp", {3: frozenset({"clerk"}), 4: frozenset({"publisher"})})
NAMES = st.sampled_from([*KEPT, "after", "tab", "lang"])
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "mine",
            "late",
            "new",
            "due",
            "state",
            "money",
            "unpaid",
            "phone",
            "7",
            "open",
            "closed",
            "2026-02-30",
            "1,2,3,4",
            "nan,nan,inf,0",
            "13941580_3570020_40_0_0_-30",
            *STATUSES,
        ]
    ),
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_any_address_gives_a_list_within_this_persons_departments(pairs: list[tuple[str, str]]) -> None:
    case_list = listing(MultiDict(pairs), STAFF)
    assert case_list.filter.departments == {3}
    assert case_list.order in case_list.orders
    assert len(case_list.text) <= 100
    assert "\x00" not in case_list.text
    if case_list.bbox:
        west, south, east, north = case_list.bbox
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90
    assert {name for name, _value in parse_qsl(case_list.query)} <= set(KEPT)
    reread = listing(MultiDict(parse_qsl(case_list.query)), STAFF)
    assert (reread.filter, reread.bbox, reread.order, reread.problems) == (
        case_list.filter,
        case_list.bbox,
        case_list.order,
        case_list.problems,
    )
    assert case_list.whole_map.filter == case_list.filter
    assert "bbox" not in case_list.whole_map.query


@given(st.dates(), st.integers(1, 10**12))
def test_a_page_mark_leads_on_from_the_same_case(day: date, case_id: int) -> None:
    case_list = listing(MultiDict({"after": mark_after(day, case_id)}), STAFF)
    assert case_list.after == (day, case_id)
    by_state = listing(MultiDict({"order": "state", "after": mark_after(2, day, case_id)}), STAFF)
    assert by_state.after == (2, day, case_id)
    assert listing(MultiDict({"order": "money", "after": mark_after(2, day, case_id)}), STAFF).after is None


@pytest.mark.parametrize("order", ["state", "assignee", "money", "place", "number"])
@pytest.mark.parametrize("parts", [(10**30, 1), (10**30, "2026-01-01", 1), ("\x00", 1), (None, None), ({}, [], 1)])
def test_a_mark_of_other_values_begins_at_the_first_page(order: str, parts: tuple[object, ...]) -> None:
    assert listing(MultiDict({"order": order, "after": mark_after(*parts)}), STAFF).after is None


def test_a_mark_of_the_other_order_keeps_its_moment() -> None:
    moment = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    case_list = listing(MultiDict({"order": "new", "after": mark_after(moment, 5)}), STAFF)
    assert case_list.after == (moment, 5)


@pytest.mark.parametrize("mark", ["", "abc", "W10", "WzEsMl0", "é", "=" * 20, "eyJhIjoxfQ"])
def test_a_broken_mark_begins_at_the_first_page(mark: str) -> None:
    assert listing(MultiDict({"after": mark}), STAFF).after is None


def test_open_cases_are_sorted_by_deadline_and_closed_ones_by_age() -> None:
    assert listing(MultiDict(), STAFF).filter.statuses == set(OPEN_STATUSES)
    assert listing(MultiDict(), STAFF).order == "due"
    assert listing(MultiDict([("status", "ok"), ("order", "due")]), STAFF).order == "new"


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "10,10,5,20", "0,-95,1,0", "0,0,200,1", "nan,0,1,1", ""])
def test_an_invalid_box_is_ignored(box: str) -> None:
    assert listing(MultiDict({"bbox": box}), STAFF).bbox is None


def test_an_area_is_read_corner_by_corner() -> None:
    case_list = listing(MultiDict({"area": "13941580_3570020_40_0_0_-30"}), STAFF)
    assert case_list.filter.area == ((139.4158, 35.7002), (139.4162, 35.7002), (139.4162, 35.6999))
    assert not case_list.problems


@pytest.mark.parametrize(
    "area",
    [
        "1_2_3_4",
        "1_2_3_4_5",
        "1_2_3_4_5_6_7",
        "a_b_c_d_e_f",
        "1_2_3_4_5_6 ",
        "99999999_0_0_0_1_1",
        "0_9999999_1_1_1_1",
        "１_2_3_4_5_6",
        "_".join(["1"] * 130),
        "13941580_3570020_200000_0_0_200000",
        "1" * 5000,
    ],
)
def test_an_invalid_area_is_ignored_and_reported(area: str) -> None:
    case_list = listing(MultiDict({"area": area}), STAFF)
    assert case_list.filter.area is None
    assert case_list.problems


@pytest.mark.parametrize(
    ("values", "statuses"),
    [
        (["open"], set(OPEN_STATUSES)),
        (["closed"], {"ok", "no"}),
        (["open", "closed"], set()),  # any
        (["open", "ok"], {*OPEN_STATUSES, "ok"}),
        (["new"], {"new"}),
        (["nonsense"], set(OPEN_STATUSES)),
    ],
)
def test_open_and_closed_mean_all_their_statuses(values: list[str], statuses: set[str]) -> None:
    assert listing(MultiDict([("status", value) for value in values]), STAFF).filter.statuses == statuses


def test_days_in_reverse_order_are_swapped() -> None:
    case_list = listing(MultiDict({"from": "2026-12-31", "to": "2026-12-01"}), STAFF)
    assert case_list.filter.period == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_link_changes_one_filter_and_goes_back_to_the_first_page() -> None:
    case_list = listing(
        MultiDict([("view", "mine"), ("status", "new"), ("status", "fix"), ("after", "x"), ("tab", "files")]), STAFF
    )
    assert parse_qsl(case_list.link(view="late")) == [("status", "new"), ("status", "fix"), ("view", "late")]
    assert parse_qsl(case_list.link(view=None)) == [("status", "new"), ("status", "fix")]
