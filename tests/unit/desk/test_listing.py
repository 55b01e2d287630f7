"""Reading the desk's address: whatever stands in it, the page has a list, and its links say the same again."""

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
    found = listing(MultiDict(pairs), STAFF)
    assert found.filter.departments == {3}
    assert found.order in {"due", "new"}
    assert len(found.text) <= 100
    assert "\x00" not in found.text
    if found.bbox:
        west, south, east, north = found.bbox
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90
    assert {name for name, _value in parse_qsl(found.query)} <= set(KEPT)
    again = listing(MultiDict(parse_qsl(found.query)), STAFF)
    assert (again.filter, again.bbox, again.order, again.misread) == (
        found.filter,
        found.bbox,
        found.order,
        found.misread,
    )
    assert found.whole_map.filter == found.filter
    assert "bbox" not in found.whole_map.query


@given(st.dates(), st.integers(1, 10**12))
def test_a_page_mark_leads_on_from_the_same_case(day: date, case_id: int) -> None:
    found = listing(MultiDict({"after": mark_after(day, case_id)}), STAFF)
    assert found.after == (day, case_id)


def test_a_mark_of_the_other_order_keeps_its_moment() -> None:
    moment = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    found = listing(MultiDict({"order": "new", "after": mark_after(moment, 5)}), STAFF)
    assert found.after == (moment, 5)


@pytest.mark.parametrize("mark", ["", "abc", "W10", "WzEsMl0", "é", "=" * 20, "eyJhIjoxfQ"])
def test_a_broken_mark_begins_at_the_first_page(mark: str) -> None:
    assert listing(MultiDict({"after": mark}), STAFF).after is None


def test_open_cases_stand_by_deadline_and_closed_ones_by_age() -> None:
    assert listing(MultiDict(), STAFF).filter.statuses == set(OPEN_STATUSES)
    assert listing(MultiDict(), STAFF).order == "due"
    assert listing(MultiDict([("status", "ok"), ("order", "due")]), STAFF).order == "new"


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "10,10,5,20", "0,-95,1,0", "0,0,200,1", "nan,0,1,1", ""])
def test_a_box_that_is_none_is_left_out(box: str) -> None:
    assert listing(MultiDict({"bbox": box}), STAFF).bbox is None


def test_an_area_is_read_corner_by_corner() -> None:
    found = listing(MultiDict({"area": "13941580_3570020_40_0_0_-30"}), STAFF)
    assert found.filter.area == ((139.4158, 35.7002), (139.4162, 35.7002), (139.4162, 35.6999))
    assert not found.misread


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
    ],
)
def test_an_area_that_is_none_is_left_out_and_said_so(area: str) -> None:
    found = listing(MultiDict({"area": area}), STAFF)
    assert found.filter.area is None
    assert found.misread


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        (["open"], set(OPEN_STATUSES)),
        (["closed"], {"ok", "no"}),
        (["open", "closed"], set()),  # any
        (["open", "ok"], {*OPEN_STATUSES, "ok"}),
        (["new"], {"new"}),
        (["nonsense"], set(OPEN_STATUSES)),
    ],
)
def test_open_and_closed_stand_for_all_of_theirs(asked: list[str], statuses: set[str]) -> None:
    assert listing(MultiDict([("status", one) for one in asked]), STAFF).filter.statuses == statuses


def test_days_given_the_wrong_way_round_are_turned() -> None:
    found = listing(MultiDict({"from": "2026-12-31", "to": "2026-12-01"}), STAFF)
    assert found.filter.period == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_link_changes_one_thing_and_goes_back_to_the_first_page() -> None:
    found = listing(
        MultiDict([("view", "mine"), ("status", "new"), ("status", "fix"), ("after", "x"), ("tab", "files")]), STAFF
    )
    assert parse_qsl(found.link(view="late")) == [("status", "new"), ("status", "fix"), ("view", "late")]
    assert parse_qsl(found.link(view=None)) == [("status", "new"), ("status", "fix")]
