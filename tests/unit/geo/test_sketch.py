"""A place as lines: in its frame, true to shape, and with a scale that is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.geometry import GeometryError
from common.plane import Plane
from geo.sketch import HEIGHT, WIDTH, corners, sketch

PLANE = Plane(6677)
METRES = st.floats(-3000, 3000)
SPOTS = st.lists(st.tuples(METRES, METRES), min_size=3, max_size=9, unique=True)


def line(spots: list[tuple[float, float]]) -> dict[str, object]:
    return {"type": "LineString", "coordinates": PLANE.locate([(x - 33_000, y - 36_000) for x, y in spots])}


@given(SPOTS, SPOTS)
def test_everything_lies_in_the_frame_and_keeps_its_shape(
    before: list[tuple[float, float]], after: list[tuple[float, float]]
) -> None:
    drawn = sketch([line(before), line(after)], [line(after)["coordinates"][0]], PLANE)  # type: ignore[index] # a list
    points = [*drawn.shapes[0].points, *drawn.shapes[1].points, *drawn.spots]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    metres, length = drawn.bar
    scale = length / metres
    (x0, y0), (x1, y1) = before[:2]
    (a0, b0), (a1, b1) = drawn.shapes[0].points[:2]
    assert a1 - a0 == pytest.approx((x1 - x0) * scale, abs=1.5 + 0.06 * abs(a1 - a0))
    assert b0 - b1 == pytest.approx((y1 - y0) * scale, abs=1.5 + 0.06 * abs(b1 - b0)), "north is up"


def test_a_spot_alone_is_in_the_middle() -> None:
    drawn = sketch([{"type": "Point", "coordinates": [139.41, 35.70]}], [], PLANE)
    assert drawn.shapes[0].points == [(WIDTH / 2, HEIGHT / 2)]


def test_the_corners_of_an_area_are_those_that_people_count() -> None:
    ring = [[139.41, 35.70], [139.42, 35.70], [139.42, 35.71], [139.41, 35.70]]
    assert len(corners({"type": "Polygon", "coordinates": [ring]})) == 3
    with pytest.raises(GeometryError):
        corners({"type": "Polygon", "coordinates": "none"})
