"""The invented streets and houses: laid out alike each time, within their city, clear of each other and of what is drawn."""

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from drawing.fabric import Fabric, Ground, Plane, fabric_of

SIDE = 600.0
RIVER = LineString([(0, 300), (600, 360)]).buffer(15)
GROUND = Ground(
    outline=box(0, 0, SIDE, SIDE),
    closed=RIVER,
    centres=np.array([Point(150, 150), Point(450, 150), Point(300, 500)]),
    stations=Point(5000, 5000),
    countryside=0.15,
)


@pytest.fixture(scope="module")
def fabric() -> Fabric:
    return fabric_of(GROUND)


def test_the_same_ground_has_the_same_fabric(fabric: Fabric) -> None:
    again = fabric_of(GROUND)
    assert [line.wkt for line, _ in again.streets] == [line.wkt for line, _ in fabric.streets]
    assert shapely.equals_exact(again.houses, fabric.houses).all()


def test_houses_stand_apart_on_free_land(fabric: Fabric) -> None:
    houses = fabric.houses
    assert len(houses) > 300
    assert shapely.area(houses).sum() == pytest.approx(shapely.union_all(houses).area, rel=1e-6)
    assert shapely.contains(GROUND.outline, houses).all()
    assert not shapely.intersects(RIVER, houses).any()


def test_no_house_stands_on_a_street_or_a_field(fabric: Fabric) -> None:
    paved = shapely.union_all([line.buffer(width / 2, cap_style="flat") for line, width in fabric.streets])
    assert not shapely.intersects(paved, fabric.houses).any()
    assert len(fabric.fields)
    assert not shapely.intersects(shapely.union_all(fabric.fields), fabric.houses).any()


def test_a_street_is_near_every_house(fabric: Fabric) -> None:
    streets = shapely.union_all([*(line for line, _ in fabric.streets), RIVER.boundary, GROUND.outline.boundary])
    assert shapely.distance(fabric.houses, streets).max() < 60


def test_buildings_are_larger_at_a_station() -> None:
    town = Ground(GROUND.outline, GROUND.closed, GROUND.centres, Point(300, 100), countryside=0.15)
    assert np.median(shapely.area(fabric_of(town).houses)) > 1.5 * np.median(shapely.area(fabric_of(GROUND).houses))


def test_the_plane_is_true_in_both_directions() -> None:
    plane = Plane(139.46, 35.69)
    metres = plane.to_metres(Point(139.47, 35.70))
    assert (metres.x, metres.y) == pytest.approx((904.1, 1109.4), abs=0.2)
    assert shapely.equals_exact(plane.to_degrees(metres), Point(139.47, 35.70), tolerance=1e-9)
