"""The smallest change of a drawn place that makes it clear of others."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo import Adjustment, LayerRule, PlaceError
from geo.adjustment import MAX_DISTANCE_M
from tests.integration.geo.stalls import (
    CROSSING,
    add_stall,
    adjust_place,
    overlap_query,
    point,
    query_place,
    rectangle,
)
from tests.integration.geo.test_place_query import BOW_TIE, layer

DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
OPEN_STALLS = overlap_query(*DECEMBER)
ROAD = [LayerRule("intersects", "roads")]


def occupy(connection: Connection, market: int, geometry: dict[str, Any], **values: Any) -> None:
    days = {"starts_on": DECEMBER[0], "ends_on": DECEMBER[1]}
    add_stall(connection, market, geometry, **{"phase": "open"} | days | values)


def overlaps(connection: Connection, geometry: dict[str, Any]) -> bool:
    """Whether the rule about other places would object."""
    return bool(query_place(connection, geometry, overlaps=[OPEN_STALLS]).overlaps[0])


def area(connection: Connection, geometry: dict[str, Any]) -> float:
    return float(query_place(connection, geometry).facts["area_m2"])


def adjusted(connection: Connection, geometry: dict[str, Any], *rules: LayerRule) -> Adjustment:
    adjustment = adjust_place(connection, geometry, overlaps=[OPEN_STALLS], rules=rules)
    assert adjustment is not None
    assert not overlaps(connection, adjustment.geometry)
    return adjustment


def test_a_place_goes_the_shortest_way_and_keeps_its_size(maps: Connection) -> None:
    occupy(maps, 1, rectangle(9, -3, 20, 20))
    adjustment = adjusted(maps, rectangle(0, 0, 10, 2))
    assert (adjustment.distance_m, adjustment.bearing) == (pytest.approx(1.1), pytest.approx(270))
    assert area(maps, adjustment.geometry) == 20.0


def test_a_place_that_is_clear_stays(maps: Connection) -> None:
    occupy(maps, 1, rectangle(30, 0, 5, 5))
    occupy(maps, 2, rectangle(0, 0, 10, 2), starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    occupy(maps, 3, rectangle(0, 0, 10, 2), phase="over")
    assert adjusted(maps, rectangle(0, 0, 10, 2)).distance_m == 0


def test_no_other_place_is_run_into(maps: Connection) -> None:
    occupy(maps, 1, rectangle(9, -3, 20, 20))
    occupy(maps, 2, rectangle(-20, -3, 20, 20))
    adjustment = adjusted(maps, rectangle(0, 0, 9.4, 2))
    assert (adjustment.distance_m, adjustment.bearing) == (pytest.approx(5.1), pytest.approx(180))


def test_what_is_on_a_road_stays_on_it(maps: Connection) -> None:
    """Off the road it would be clear after 2 m, along the road after 4 m."""
    layer(maps, "roads", ({}, rectangle(-50, 0, 50, 2)), ({}, rectangle(0, 0, 50, 2)))
    occupy(maps, 1, rectangle(6, 0, 10, 2))
    adjustment = adjusted(maps, rectangle(0, 0, 10, 2), *ROAD)
    assert (adjustment.distance_m, adjustment.bearing) == (pytest.approx(4.1), pytest.approx(270))


def test_the_place_may_not_leave_the_area_it_must_be_in(maps: Connection) -> None:
    layer(maps, "city", ({}, rectangle(-1, -1, 40, 10)))
    occupy(maps, 1, rectangle(-5, -5, 7, 30))
    adjustment = adjusted(maps, rectangle(0, 0, 10, 2), LayerRule("inside", "city"))
    assert (adjustment.distance_m, adjustment.bearing) == (pytest.approx(2.1), pytest.approx(90))


def test_where_there_is_no_room_the_overlap_is_cut_away(maps: Connection) -> None:
    layer(maps, "roads", ({}, rectangle(0, 0, 12, 2)))
    occupy(maps, 1, rectangle(8, 0, 10, 2))
    adjustment = adjusted(maps, rectangle(0, 0, 12, 2), *ROAD)
    assert adjustment.distance_m is None
    assert adjustment.bearing is None
    assert area(maps, adjustment.geometry) == pytest.approx(16, abs=0.1)


def test_what_would_fall_into_two_pieces_or_nearly_vanish_is_left_alone(maps: Connection) -> None:
    layer(maps, "roads", ({}, rectangle(0, 0, 12, 2)))
    occupy(maps, 1, rectangle(5, 0, 1, 2))
    assert adjust_place(maps, rectangle(0, 0, 12, 2), overlaps=[OPEN_STALLS], rules=ROAD) is None
    occupy(maps, 2, rectangle(0, 0, 11.5, 2))
    assert adjust_place(maps, rectangle(0, 0, 12, 2), overlaps=[OPEN_STALLS], rules=ROAD) is None


def test_a_point_is_moved_too(maps: Connection) -> None:
    occupy(maps, 1, rectangle(-1, -5, 10, 10))
    adjustment = adjusted(maps, point())
    assert adjustment.distance_m == pytest.approx(1.1)
    assert adjustment.geometry["type"] == "Point"


def test_a_rule_about_a_layer_that_does_not_exist_is_no_condition(maps: Connection) -> None:
    occupy(maps, 1, rectangle(9, -3, 20, 20))
    assert adjusted(maps, rectangle(0, 0, 10, 2), LayerRule("intersects", "nowhere")).distance_m == pytest.approx(1.1)


def test_a_shape_that_cannot_be_measured_is_refused(maps: Connection) -> None:
    with pytest.raises(PlaceError):
        adjust_place(maps, BOW_TIE, overlaps=[OPEN_STALLS])
    assert maps.scalar(text("SELECT 1")) == 1


side = st.floats(0.5, 12)
offset = st.floats(-8, 8)
boxes = st.tuples(offset, offset, side, side)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(box=boxes, degrees=st.integers(0, 89), others=st.lists(boxes, min_size=1, max_size=5))
def test_every_adjustment_is_clear_of_what_was_in_the_way(
    maps: Connection, box: tuple[float, ...], degrees: int, others: list[tuple[float, ...]]
) -> None:
    maps.execute(text("DELETE FROM stall"))
    for number, other in enumerate(others):
        occupy(maps, number, rectangle(*other))
    place = turn(maps, rectangle(*box), degrees)
    adjustment = adjust_place(maps, place, overlaps=[OPEN_STALLS])
    if adjustment is None:
        return
    assert not overlaps(maps, adjustment.geometry)
    if adjustment.distance_m is None:
        assert 0 < area(maps, adjustment.geometry) < area(maps, place)
    else:
        assert area(maps, adjustment.geometry) == pytest.approx(area(maps, place), abs=0.02)
        assert (adjustment.distance_m > 0) or not overlaps(maps, place)
        assert adjustment.distance_m <= MAX_DISTANCE_M


def turn(connection: Connection, geometry: dict[str, Any], degrees: int) -> dict[str, Any]:
    """The shape turned about the crossing, as roads run."""
    flat = "ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4326), 6677)"
    centre = "ST_Transform(ST_SetSRID(ST_Point(:lon, :lat), 4326), 6677)"
    query = f"SELECT ST_AsGeoJSON(ST_Transform(ST_Rotate({flat}, radians(:degrees), {centre}), 4326), 8)"
    values = {"shape": json.dumps(geometry), "degrees": degrees, "lon": CROSSING[0], "lat": CROSSING[1]}
    turned: dict[str, Any] = json.loads(str(connection.scalar(text(query), values)))
    return turned
