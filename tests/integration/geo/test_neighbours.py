"""Addresses near a place: how far they are, which are the same, in which order, and what is none."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo.neighbours import Nearby, TooManyNearby, address_order, addresses_near, town_and_numbers
from geo.place_query import PlaceError
from tests.integration.geo.ground import on_earth, set_layer, square
from tests.integration.geo.stalls import SRID


def near(connection: Connection, places: list[BaseGeometry], metres: float = 30, **more: Any) -> Nearby:
    return addresses_near(
        connection,
        [on_earth(place) for place in places],
        **{
            "srid": SRID,
            "layer_key": "ground",
            "address_property": "address",
            "metres": metres,
            "most": 1000,
            **more,
        },
    )


def house(x: float, y: float, address: str | None, **more: Any) -> tuple[BaseGeometry, dict[str, Any]]:
    return Point(x, y), {"address": address, **more}


def test_the_nearest_is_first_and_what_is_farther_is_none(maps: Connection) -> None:
    set_layer(maps, [house(25, 0, "泉町3番地"), house(5, 0, "泉町1番地"), house(31, 0, "泉町4番地"), house(0, 9, " ")])
    nearby = near(maps, [Point(0, 0)])
    assert [(each.address, each.metres) for each in nearby.addresses] == [("泉町1番地", 5.0), ("泉町3番地", 25.0)]
    assert nearby.nameless == 1


def test_a_parcel_is_as_far_as_its_nearest_edge(maps: Connection) -> None:
    set_layer(maps, [(square(-5, -5), {"address": "泉町1"}), (square(20, 0), {"address": "泉町2"})])
    nearby = near(maps, [LineString([(0, 0), (10, 0)])])
    assert [(each.address, each.metres) for each in nearby.addresses] == [("泉町1", 0.0), ("泉町2", 10.0)]


def test_several_places_are_one_question(maps: Connection) -> None:
    set_layer(maps, [house(5, 0, "泉町1"), house(2010, 0, "泉町2"), house(1000, 0, "泉町3")])
    nearby = near(maps, [Point(0, 0), Point(2000, 0)])
    assert [each.address for each in nearby.addresses] == ["泉町1", "泉町2"]


def test_one_address_in_two_writings_is_one(maps: Connection) -> None:
    features = [house(5, 0, "曙町２丁目１７−３"), house(9, 0, "曙町二丁目17番3号"), house(7, 0, "曙町2-17-3 コーポ101")]
    set_layer(maps, features)
    nearby = near(maps, [Point(0, 0)])
    assert [(each.address, each.features) for each in nearby.addresses] == [
        ("曙町２丁目１７−３", 2),
        ("曙町2-17-3 コーポ101", 1),
    ]


def test_a_block_is_no_address_where_its_houses_are_listed(maps: Connection) -> None:
    blocks = [house(3, 0, "曙町2-17", kind="block"), house(4, 0, "曙町2-18", kind="block")]
    set_layer(maps, [*blocks, house(5, 0, "曙町2-17-3", kind="house")])
    assert [each.address for each in near(maps, [Point(0, 0)]).addresses] == ["曙町2-18", "曙町2-17-3"]


def test_more_than_a_list_holds_is_said(maps: Connection) -> None:
    set_layer(maps, [house(x, 0, f"泉町{x}") for x in range(1, 5)])
    assert len(near(maps, [Point(0, 0)], most=4).addresses) == 4
    with pytest.raises(TooManyNearby):
        near(maps, [Point(0, 0)], most=3)


def test_what_cannot_be_measured_asks_nothing(maps: Connection) -> None:
    set_layer(maps, [])
    with pytest.raises(PlaceError):
        near(maps, [Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])])
    assert near(maps, [Point(0, 0)]).addresses == [], "and the transaction goes on"


def test_addresses_are_ordered_by_their_numbers() -> None:
    written = ["曙町2-10", "曙町一丁目2番地", "泉町10番地", "曙町二丁目9番地の1", "泉町9番地", "曙町二丁目9番地"]
    assert sorted(written, key=address_order) == [
        "曙町一丁目2番地", "曙町二丁目9番地", "曙町二丁目9番地の1", "曙町2-10", "泉町9番地", "泉町10番地",
    ]  # fmt: skip
    assert town_and_numbers("立川市曙町2-17-3") == ("曙町二丁目", "17の3")


METRES = st.floats(-200, 200).map(lambda number: round(number, 2))
SPOTS = st.lists(st.tuples(METRES, METRES), min_size=1, max_size=12, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(houses=SPOTS, corner=st.tuples(METRES, METRES), side=st.floats(0.5, 150), reach=st.floats(0.5, 250))
def test_shapely_measures_the_same(
    maps: Connection, houses: list[tuple[float, float]], corner: tuple[float, float], side: float, reach: float
) -> None:
    set_layer(maps, [house(x, y, f"泉町{n}番地") for n, (x, y) in enumerate(houses, start=1)])
    place = square(*corner, side)
    measured = {f"泉町{n}番地": place.distance(Point(spot)) for n, spot in enumerate(houses, start=1)}
    metres_of = {each.address: each.metres for each in near(maps, [place], reach).addresses}
    for address, metres in measured.items():
        if abs(metres - reach) > 0.02:  # coordinates are kept to a centimetre
            assert (address in metres_of) == (metres < reach)
        if address in metres_of:
            assert metres_of[address] == pytest.approx(metres, abs=0.12)
