"""Places: drawn on the map or typed without it, and every shape that cannot be taken."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.plane import Plane
from forms.fields import FieldType
from tests.unit.fields.making import CONTEXT, codes, make, read, unhurried, value_of

TOKYO = Plane.of_number(9)
SQUARE = [[139.413, 35.698], [139.414, 35.698], [139.414, 35.699], [139.413, 35.699], [139.413, 35.698]]


def drawn(kind: str, coordinates: Any) -> str:
    return json.dumps({"type": kind, "coordinates": coordinates})


def ring_of(value: Any) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in value["geometry"]["coordinates"][0]]


def test_a_drawn_polygon() -> None:
    field = make("polygon")
    value = value_of(field, geometry=drawn("Polygon", [SQUARE]))
    assert value == {"geometry": {"type": "Polygon", "coordinates": [SQUARE]}, "source": "drawn"}
    assert field.show(value, "ja") == "地図で囲んだ範囲(点4個)"


def test_a_clockwise_ring_is_turned() -> None:
    assert ring_of(value_of(make("polygon"), geometry=drawn("Polygon", [SQUARE[::-1]]))) == [tuple(at) for at in SQUARE]


@pytest.mark.parametrize(
    ("coordinates", "code"),
    [
        ([SQUARE[:-1]], "polygon_open"),
        ([[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]], "polygon_crosses"),
        ([[SQUARE[0], SQUARE[1], SQUARE[0]]], "polygon_short"),
        ([[[139.413, 35.698], [139.414, 35.698], [139.415, 35.698], [139.413, 35.698]]], "polygon_thin"),
        (
            [SQUARE, [[139.4131, 35.6981], [139.4132, 35.6981], [139.4132, 35.6982], [139.4131, 35.6981]]],
            "polygon_hole",
        ),
        ([[[lat, lon] for lon, lat in SQUARE]], "place_swapped"),
        ([[[2.35, 48.85], [2.36, 48.85], [2.36, 48.86], [2.35, 48.85]]], "place_abroad"),
        ([[[139 + number / 1000, 35] for number in range(600)]], "place_vertices"),
        ([[[float("nan"), 35.0], *SQUARE]], "place_unreadable"),
        ([[[float("inf"), 35.0], *SQUARE]], "place_unreadable"),
        ([[["139.4", "35.6"]]], "place_unreadable"),
        ([], "place_unreadable"),
        ({}, "place_unreadable"),
    ],
)
def test_polygons_that_cannot_be_taken(coordinates: Any, code: str) -> None:
    assert codes(read(make("polygon"), geometry=drawn("Polygon", coordinates))) == [("", code)]


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"type":"MultiPolygon","coordinates":[]}', "[" * 100_000, "x" * 70_000]
)
def test_what_is_no_geometry(text: str) -> None:
    assert codes(read(make("polygon"), geometry=text)) == [("", "place_unreadable")]


def test_a_rectangle_typed_without_a_map_has_the_typed_area() -> None:
    value = value_of(make("polygon"), lat="35.69842", lon="139.41367", length="２０．４", width="0.9", bearing="90")
    assert isinstance(value, dict)
    assert value["source"] == "text"
    assert TOKYO.area(ring_of(value)) == pytest.approx(18.36, abs=0.005)


@unhurried
@given(st.floats(1, 200), st.floats(1, 200), st.floats(-360, 360), st.floats(35.6, 35.75), st.floats(139.35, 139.6))
def test_every_rectangle_has_its_area(along: float, across: float, bearing: float, lat: float, lon: float) -> None:
    ring = TOKYO.rectangle((lon, lat), along, across, bearing)
    assert ring[0] == ring[-1]
    assert TOKYO.area(ring) == pytest.approx(along * across, abs=0.001 * (along + across))


@pytest.mark.parametrize(
    "side", [{"length": "0"}, {"width": "-1"}, {"length": "広い"}, {"bearing": "500"}, {"width": ""}]
)
def test_a_rectangle_needs_its_sides(side: dict[str, str]) -> None:
    sides = {"lat": "35.7", "lon": "139.41", "length": "5", "width": "4"} | side
    assert codes(read(make("polygon"), **sides)) == [("", "rectangle_numbers")]


def test_corners_typed_one_a_line_are_closed() -> None:
    value = value_of(make("polygon"), coordinates="35.698, 139.413\n\n35.698 139.414\n３５．６９９，１３９．４１４")
    assert len(ring_of(value)) == 4


@pytest.mark.parametrize(
    ("typed", "code"),
    [("35.698", "place_lines"), ("a, b", "place_numbers"), ("35.7, 139.4\n35.8, 139.4", "polygon_short")],
)
def test_corners_that_cannot_be_read(typed: str, code: str) -> None:
    assert codes(read(make("polygon"), coordinates=typed)) == [("", code)]


def test_what_is_typed_wins_over_an_older_drawing() -> None:
    value = value_of(make("point"), geometry=drawn("Point", [139.4, 35.6]), lat="35.7", lon="139.41")
    assert value == {"geometry": {"type": "Point", "coordinates": [139.41, 35.7]}, "source": "text"}


def test_the_largest_area() -> None:
    field = make("polygon", max_area_m2=20)
    assert value_of(field, lat="35.7", lon="139.41", length="5", width="4")
    reading = read(field, lat="35.7", lon="139.41", length="5", width="4.01")
    assert reading.problems[0].message("ja") == "広さは20 m²までです。いまは20.05 m²あります。小さくしてください。"


def test_lines() -> None:
    field = make("line", max_length_m=200)
    value = value_of(field, coordinates="35.698, 139.413\n35.699, 139.413")
    assert field.show(value, "en") == "Line on the map (2 points)"
    assert codes(read(field, coordinates="35.698, 139.413\n35.698, 139.413")) == [("", "line_short")]
    assert codes(read(make("line", max_length_m=100), coordinates="35.698, 139.413\n35.699, 139.413")) == [
        ("", "line_long")
    ]


def test_a_point_from_an_address_keeps_its_words() -> None:
    field = make("point")
    value = value_of(field, geometry=drawn("Point", [139.41, 35.7]), source="address", label="曙町2丁目17番")
    assert field.show(value, "ja") == "曙町2丁目17番"
    assert codes(read(field, geometry=drawn("Point", [139.41, 35.7]), source="guess")) == [("", "malformed")]
    assert codes(read(field, lat="35.7")) == [("", "place_numbers")]


def test_measures_come_from_outside() -> None:
    field: FieldType = make("polygon", look_up=[{"layer": "road-offices", "property": "office", "as": "office"}])
    assert field.cel_values({}, {"area_m2": 18, "length_m": None, "office": "道路課"}) == {"area_m2": 18.0}
    assert field.is_place


@pytest.mark.parametrize("rule", [{}, {"inside": "a", "intersects": "b"}, {"near": "a"}])
def test_a_rule_says_one_thing(rule: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="rules"):
        make("point", rules=[rule])


def test_a_tampered_place_is_judged_again() -> None:
    crossing = {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]}
    problems = make("polygon").check({"geometry": crossing, "source": "drawn"}, CONTEXT)
    assert [problem.code for problem in problems] == ["polygon_crosses"]
