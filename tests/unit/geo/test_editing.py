"""Shapes that are drawn, divided, joined and cut, and their coordinates as people type them."""

import json
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box, get_coordinates
from shapely.geometry import mapping

from common.plane import Plane
from geo.editing import (
    MAX_POSITIONS,
    PositionFault,
    ShapeFault,
    add_part,
    checked,
    cut,
    merged,
    moved,
    read_positions,
    split,
    write_positions,
)

PLANE = Plane.of_number(9)
HERE = (139.4, 35.7)
SQUARE = box(139.4, 35.7, 139.402, 35.702)
BOW_TIE = [[139.4, 35.7], [139.402, 35.702], [139.402, 35.7], [139.4, 35.702], [139.4, 35.7]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "unreadable"),
        ({"type": "Polygon", "coordinates": []}, "unreadable"),
        ({"type": "Point", "coordinates": [float("nan"), 35.7]}, "unreadable"),
        ({"type": "Point", "coordinates": [139.4, 35.7]}, "kind"),
        ({"type": "GeometryCollection", "geometries": []}, "unreadable"),
        ({"type": "MultiLineString", "coordinates": [[], [[138.0, 138.0]]]}, "unreadable"),
        (polygon([[139.4, 35.7], [139.41, 35.7], [139.41, 35.71]]), "open"),
        (polygon(BOW_TIE), "crosses"),
        (polygon([[35.7, 139.4], [35.71, 139.4], [35.71, 139.41], [35.7, 139.4]]), "swapped"),
        (polygon([[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]), "abroad"),
        (polygon([[130.4, 33.6], [130.41, 33.6], [130.41, 33.61], [130.4, 33.6]]), "far"),
        (polygon([[139.4, 35.7]] * (MAX_POSITIONS + 2)), "too_many"),
    ],
)
def test_what_cannot_be_a_shape_is_named(value: object, code: str) -> None:
    with pytest.raises(ShapeFault) as caught:
        checked(value, "polygon", near=HERE, reach=0.5)
    assert caught.value.code == code


def test_a_crossing_outline_says_where_and_offers_the_repaired_shape() -> None:
    with pytest.raises(ShapeFault) as caught:
        checked(polygon(BOW_TIE), "polygon")
    at, repaired = caught.value.at, caught.value.repaired
    assert at == pytest.approx((139.401, 35.701))
    assert isinstance(repaired, MultiPolygon) and repaired.is_valid
    assert checked(json.loads(json.dumps(mapping(repaired))), "polygon").equals(repaired)


def test_heights_are_left_out_and_outlines_run_one_way() -> None:
    ring = [[*position, 12.5] for position in SQUARE.exterior.coords[:]]
    taken = checked(polygon(ring), "polygon")
    assert isinstance(taken, Polygon)
    assert (taken.has_z, taken.exterior.is_ccw) == (False, True)


def test_a_line_divides_and_the_parts_join_again() -> None:
    larger, smaller = split(SQUARE, LineString([(139.4005, 35.699), (139.4005, 35.703)]))
    assert larger.area == pytest.approx(3 * smaller.area)
    assert merged([smaller, larger], "polygon").equals(SQUARE)
    assert len(split(LineString([(139.4, 35.7), (139.41, 35.7)]), LineString([(139.405, 35.6), (139.405, 35.8)]))) == 2
    line = merged([LineString([(139.4, 35.7), (139.41, 35.7)]), LineString([(139.41, 35.7), (139.41, 35.71)])], "line")
    assert isinstance(line, LineString)
    with pytest.raises(ShapeFault, match="apart"):
        split(SQUARE, LineString([(139.4005, 35.7005), (139.4005, 35.7015)]))
    with pytest.raises(ShapeFault, match="single"):
        merged([SQUARE], "polygon")
    with pytest.raises(ShapeFault, match="kind"):
        split(Point(HERE), LineString([(139.4, 35.6), (139.4, 35.8)]))


def test_a_hole_is_cut_and_a_part_is_added() -> None:
    holed = cut(SQUARE, box(139.4005, 35.7005, 139.401, 35.701), "polygon")
    assert isinstance(holed, Polygon) and len(holed.interiors) == 1
    with pytest.raises(ShapeFault, match="outside"):
        cut(SQUARE, box(139.5, 35.7, 139.51, 35.71), "polygon")
    with pytest.raises(ShapeFault, match="nothing_left"):
        cut(SQUARE, box(139.3, 35.6, 139.5, 35.8), "polygon")
    with pytest.raises(ShapeFault, match="crosses"):
        cut(SQUARE, Polygon(BOW_TIE), "polygon")
    assert isinstance(add_part(SQUARE, box(139.41, 35.7, 139.412, 35.702), "polygon"), MultiPolygon)
    assert isinstance(add_part(Point(HERE), Point(139.41, 35.7), "point"), MultiPoint)


def test_a_shape_is_moved_by_metres() -> None:
    there = moved(SQUARE, PLANE, 10, -5)
    [(x, y)], [(east, north)] = PLANE.project([HERE]), PLANE.project([tuple(get_coordinates(there)[3])])
    before = PLANE.project([tuple(get_coordinates(SQUARE)[3])])[0]
    assert (east - before[0], north - before[1]) == pytest.approx((10, -5), abs=1e-4)
    assert (x, y) != (east, north)


@pytest.mark.parametrize("plane", [PLANE, None])
def test_positions_are_read_as_they_were_written(plane: Plane | None) -> None:
    holed = cut(SQUARE, box(139.4005, 35.7005, 139.401, 35.701), "polygon")
    whole = add_part(holed, box(139.41, 35.7, 139.412, 35.702), "polygon")
    text = write_positions(whole, plane)
    assert [line for line in text.splitlines() if line[0] in "部穴"] == ["部分 1", "穴", "部分 2"]
    assert checked(read_positions(text, "polygon", plane, whole), "polygon").equals_exact(whole, 0)
    assert checked(read_positions(text, "polygon", plane), "polygon").equals_exact(whole, 1e-7)
    points = MultiPoint([HERE, (139.41, 35.7)])
    assert checked(read_positions(write_positions(points, plane), "point", plane, points), "point").equals(points)


def test_full_width_digits_and_commas_are_read() -> None:
    read = read_positions("35.7, 139.4\n\n35.71、139.41", "line", None)
    assert read == {"type": "LineString", "coordinates": [[139.4, 35.7], [139.41, 35.71]]}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "nothing", 0),
        ("穴\n1 2", "heading", 1),
        ("部分 1\n35.7 139.4\n35.7 abc\n", "numbers", 3),
        ("35.7 139.4 12\n35.8 139.5\n35.8 139.4", "numbers", 1),
        ("nan 1\n1 inf\n1 1", "numbers", 1),
        ("部分 1\n35.7 139.4\n35.7 139.5\n部分 2\n1 1\n1 2\n2 2", "short", 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, code: str, line: int) -> None:
    with pytest.raises(PositionFault) as caught:
        read_positions(text, "polygon", None)
    assert (caught.value.code, caught.value.line) == (code, line)


numbers = st.one_of(st.floats(138, 141), st.floats(34, 37), st.floats(), st.integers(), st.none(), st.text(max_size=2))
positions = st.lists(numbers, max_size=4)
runs = st.lists(positions, max_size=8)
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            [
                "Point",
                "MultiPoint",
                "LineString",
                "MultiLineString",
                "Polygon",
                "MultiPolygon",
                "GeometryCollection",
                "",
            ]
        ),
        "coordinates": st.one_of(
            positions, runs, st.lists(runs, max_size=3), st.lists(st.lists(runs, max_size=2), max_size=2)
        ),
    }
)


@settings(max_examples=300, deadline=None)
@given(
    value=geometries,
    kind=st.sampled_from(["point", "line", "polygon"]),
    other=st.sampled_from([SQUARE, Polygon(BOW_TIE)]),
)
def test_any_geometry_is_taken_or_named(value: Any, kind: str, other: Polygon) -> None:
    try:
        geom = checked(value, kind, near=HERE, reach=1)
        assert geom.is_valid and not geom.is_empty
        cut(geom, other, kind)
    except ShapeFault:
        return


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(alphabet="部分穴 0123456789.-e,\nn", max_size=60), kind=st.sampled_from(["point", "line", "polygon"])
)
def test_any_text_is_read_or_the_line_is_named(text: str, kind: str) -> None:
    try:
        value = read_positions(text, kind, PLANE)
    except PositionFault:
        return
    try:
        checked(value, kind)
    except ShapeFault:
        return
