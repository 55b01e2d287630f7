"""The smallest change of a drawn place that makes it clear of others."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo import ClearOf, PlaceError, Rule
from geo.shift import FARTHEST_M, Shift
from tests.integration.geo.made import CROSSING, add_place, ask_place, point, rectangle, shift_clear
from tests.integration.geo.test_place import BOW_TIE, layer

DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
PERMITS = ClearOf("road-occupancy", ["approved"], *DECEMBER)
ROAD = [Rule("intersects", "roads")]


def permit(connection: Connection, case_id: int, geometry: dict[str, Any], **values: Any) -> None:
    days = {"starts_on": DECEMBER[0], "ends_on": DECEMBER[1]}
    add_place(connection, case_id, geometry, **{"state": "approved", "status": "ok"} | days | values)


def overlaps(connection: Connection, geometry: dict[str, Any]) -> bool:
    """Whether the rule about other places would object."""
    return bool(ask_place(connection, geometry, clear_of=[PERMITS]).conflicts[0])


def area(connection: Connection, geometry: dict[str, Any]) -> float:
    return float(ask_place(connection, geometry).facts["area_m2"])


def shifted(connection: Connection, geometry: dict[str, Any], *rules: Rule, **values: Any) -> Shift:
    found = shift_clear(connection, geometry, clear_of=[PERMITS], rules=rules, **values)
    assert found is not None
    assert not overlaps(connection, found.geometry)
    return found


def test_a_place_goes_the_shortest_way_and_keeps_its_size(maps: Connection) -> None:
    permit(maps, 1, rectangle(9, -3, 20, 20))
    found = shifted(maps, rectangle(0, 0, 10, 2))
    assert (found.metres, found.bearing) == (pytest.approx(1.1), pytest.approx(270))
    assert area(maps, found.geometry) == 20.0


def test_a_place_that_is_clear_stays(maps: Connection) -> None:
    permit(maps, 1, rectangle(30, 0, 5, 5))
    permit(maps, 2, rectangle(0, 0, 10, 2), starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    permit(maps, 3, rectangle(0, 0, 10, 2), state="refused")
    assert shifted(maps, rectangle(0, 0, 10, 2)).metres == 0


def test_no_other_place_is_run_into(maps: Connection) -> None:
    permit(maps, 1, rectangle(9, -3, 20, 20))
    permit(maps, 2, rectangle(-20, -3, 20, 20))
    found = shifted(maps, rectangle(0, 0, 9.4, 2))
    assert (found.metres, found.bearing) == (pytest.approx(5.1), pytest.approx(180))


def test_what_stands_on_a_road_stays_on_it(maps: Connection) -> None:
    """Off the road it would be clear after 2 m, along the road after 4 m."""
    layer(maps, "roads", ({}, rectangle(-50, 0, 50, 2)), ({}, rectangle(0, 0, 50, 2)))
    permit(maps, 1, rectangle(6, 0, 10, 2))
    found = shifted(maps, rectangle(0, 0, 10, 2), *ROAD)
    assert (found.metres, found.bearing) == (pytest.approx(4.1), pytest.approx(270))


def test_the_place_may_not_leave_what_it_must_lie_in(maps: Connection) -> None:
    layer(maps, "city", ({}, rectangle(-1, -1, 40, 10)))
    permit(maps, 1, rectangle(-5, -5, 7, 30))
    found = shifted(maps, rectangle(0, 0, 10, 2), Rule("inside", "city"))
    assert (found.metres, found.bearing) == (pytest.approx(2.1), pytest.approx(90))


def test_where_there_is_no_room_the_overlap_is_cut_away(maps: Connection) -> None:
    layer(maps, "roads", ({}, rectangle(0, 0, 12, 2)))
    permit(maps, 1, rectangle(8, 0, 10, 2))
    found = shifted(maps, rectangle(0, 0, 12, 2), *ROAD)
    assert found.metres is None
    assert found.bearing is None
    assert area(maps, found.geometry) == pytest.approx(16, abs=0.1)


def test_what_would_fall_into_two_pieces_or_nearly_vanish_is_left_alone(maps: Connection) -> None:
    layer(maps, "roads", ({}, rectangle(0, 0, 12, 2)))
    permit(maps, 1, rectangle(5, 0, 1, 2))
    assert shift_clear(maps, rectangle(0, 0, 12, 2), clear_of=[PERMITS], rules=ROAD) is None
    permit(maps, 2, rectangle(0, 0, 11.5, 2))
    assert shift_clear(maps, rectangle(0, 0, 12, 2), clear_of=[PERMITS], rules=ROAD) is None


def test_a_point_is_moved_too(maps: Connection) -> None:
    permit(maps, 1, rectangle(-1, -5, 10, 10))
    found = shifted(maps, point())
    assert found.metres == pytest.approx(1.1)
    assert found.geometry["type"] == "Point"


def test_rules_about_a_layer_that_the_city_has_not_are_none(maps: Connection) -> None:
    permit(maps, 1, rectangle(9, -3, 20, 20))
    assert shifted(maps, rectangle(0, 0, 10, 2), Rule("intersects", "nowhere")).metres == pytest.approx(1.1)


def test_a_shape_that_cannot_be_measured_is_refused(maps: Connection) -> None:
    with pytest.raises(PlaceError):
        shift_clear(maps, BOW_TIE, clear_of=[PERMITS])
    assert maps.scalar(text("SELECT 1")) == 1


side = st.floats(0.5, 12)
offset = st.floats(-8, 8)
boxes = st.tuples(offset, offset, side, side)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=boxes, turned=st.integers(0, 89), taken=st.lists(boxes, min_size=1, max_size=5))
def test_whatever_is_in_the_way_the_answer_is_clear_of_it(
    maps: Connection, drawn: tuple[float, ...], turned: int, taken: list[tuple[float, ...]]
) -> None:
    maps.execute(text("DELETE FROM case_place"))
    for number, box in enumerate(taken):
        permit(maps, number, rectangle(*box))
    mine = turn(maps, rectangle(*drawn), turned)
    found = shift_clear(maps, mine, clear_of=[PERMITS])
    if found is None:
        return
    assert not overlaps(maps, found.geometry)
    if found.metres is None:
        assert 0 < area(maps, found.geometry) < area(maps, mine)
    else:
        assert area(maps, found.geometry) == pytest.approx(area(maps, mine), abs=0.02)
        assert (found.metres > 0) or not overlaps(maps, mine)
        assert found.metres <= FARTHEST_M


def turn(connection: Connection, geometry: dict[str, Any], degrees: int) -> dict[str, Any]:
    """The shape turned about the crossing, as roads run."""
    flat = "ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4326), 6677)"
    centre = "ST_Transform(ST_SetSRID(ST_Point(:lon, :lat), 4326), 6677)"
    query = f"SELECT ST_AsGeoJSON(ST_Transform(ST_Rotate({flat}, radians(:degrees), {centre}), 4326), 8)"
    values = {"shape": json.dumps(geometry), "degrees": degrees, "lon": CROSSING[0], "lat": CROSSING[1]}
    turned: dict[str, Any] = json.loads(str(connection.scalar(text(query), values)))
    return turned
