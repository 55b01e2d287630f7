"""Metres in the plane of each region of Japan."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.plane import NUMBERS, Plane, planes_at


@pytest.mark.parametrize(
    ("place", "lon", "lat", "number"),
    [
        ("那覇", 127.679, 26.212, 15),
        ("福岡", 130.4017, 33.5903, 2),
        ("大阪", 135.5023, 34.6937, 6),
        ("立川", 139.4137, 35.6978, 9),
        ("札幌", 141.3545, 43.0621, 12),
        ("与那国", 122.9877, 24.4680, 16),
        ("南鳥島", 153.9808, 24.2867, 19),
        ("父島", 142.1918, 27.0945, 14),
    ],
)
def test_each_region_has_its_plane(place: str, lon: float, lat: float, number: int) -> None:
    assert number in [plane.number for plane in planes_at(lon, lat)], place
    assert Plane.of_number(number).covers(lon, lat)


def test_a_place_off_every_region_still_has_the_nearest() -> None:
    assert planes_at(124.0, 30.0)[0].number == 16


def test_the_plane_of_another_region_measures_wrongly() -> None:
    ring = Plane.of_number(15).rectangle((127.679, 26.212), 10, 5, 30)
    assert Plane.of_number(15).area(ring) == pytest.approx(50, abs=0.001)
    assert Plane.of_number(9).area(ring) == pytest.approx(51.86, abs=0.01)


@pytest.mark.parametrize("srid", [0, 4326, 6668, 6688, 3857])
def test_a_plane_outside_japan_is_rejected(srid: int) -> None:
    with pytest.raises(ValueError, match="plane rectangular system"):
        Plane(srid)


@given(
    number=st.sampled_from(NUMBERS),
    along=st.floats(1, 200),
    across=st.floats(1, 200),
    bearing=st.floats(-360, 360),
    east=st.floats(-0.5, 0.5),
    north=st.floats(-0.5, 0.5),
)
def test_every_rectangle_has_its_area(
    *, number: int, along: float, across: float, bearing: float, east: float, north: float
) -> None:
    plane = Plane.of_number(number)
    centre = plane.meridian + east, 30 + north
    ring = plane.rectangle(centre, along, across, bearing)
    assert ring[0] == ring[-1]
    assert plane.area(ring) == pytest.approx(along * across, abs=0.001 * (along + across))
    assert plane.length(ring) == pytest.approx(2 * (along + across), abs=0.002)


def test_the_staff_map_is_held_to_what_is_measured_here() -> None:
    """The figures by which static/js/tests/plane.test.js judges the tool of the staff map."""
    figures = Path(__file__).parents[3] / "static" / "js" / "tests" / "measured.json"
    for case in json.loads(figures.read_text(encoding="utf-8")):
        plane, points = Plane(case["srid"]), case["points"]
        assert (plane.meridian, plane.latitude) == pytest.approx((case["meridian"], case["latitude"]))
        assert plane.length(points) == pytest.approx(case["length"], abs=0.001)
        assert plane.area([*points, points[0]]) == pytest.approx(case["area"], abs=0.01)
