"""A strip along a side of a road, in the metres of a plane."""

import math

from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import LineString, Point, Polygon, box

from geo.roadside import strip_beside

ROAD = box(-100, 0, 100, 8)
"""A road of 200 × 8 m that runs east."""
HOUSE = (10.0, 20.0)


def test_it_lies_on_the_road_at_the_side_of_the_place() -> None:
    strip = strip_beside([ROAD], HOUSE, 19, 1.6, "near")
    assert strip
    area = Polygon(strip)
    assert math.isclose(area.area, 19 * 1.6)
    assert area.bounds == (0.5, 6.4, 19.5, 8.0)


def test_the_other_side_is_the_one_in_that_direction() -> None:
    south = strip_beside([ROAD], HOUSE, 19, 1.6, "south")
    north = strip_beside([ROAD], (10, -5), 19, 1.6, "north")
    assert south and Polygon(south).bounds == (0.5, 0.0, 19.5, 1.6)
    assert north and Polygon(north).bounds == (0.5, 6.4, 19.5, 8.0)


def test_a_road_that_is_a_line_has_the_strip_beside_it() -> None:
    line = LineString([(-100, 0), (100, 0)])
    near, south = (strip_beside([line], HOUSE, 10, 2, side) for side in ("near", "south"))
    assert near and Polygon(near).bounds == (5, 0, 15, 2)
    assert south and Polygon(south).bounds == (5, -2, 15, 0)


def test_no_road_is_near() -> None:
    assert strip_beside([ROAD], (0, 500), 10, 2, "near") is None
    assert strip_beside([], HOUSE, 10, 2, "near") is None
    assert strip_beside([Point(0, 0).buffer(1)], HOUSE, 10, 2, "near") is None, "it has no edge that gives a direction"


@given(turned=st.floats(0, 360), length=st.floats(1, 60), width=st.floats(0.3, 6))
def test_however_the_road_runs_the_strip_is_on_it_and_as_large_as_was_said(
    turned: float, length: float, width: float
) -> None:
    road, house = (rotate(shape, turned, origin=(0, 0)) for shape in (ROAD, Point(HOUSE)))
    strip = strip_beside([road], (house.x, house.y), length, width, "near")
    assert strip
    area = Polygon(strip)
    assert math.isclose(area.area, length * width, rel_tol=1e-6)
    assert road.buffer(0.001).contains(area)
