"""Places: drawn on the map or typed without it, and every shape that is refused."""

import json
from dataclasses import replace
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
def test_polygons_that_are_refused(coordinates: Any, code: str) -> None:
    assert codes(read(make("polygon"), geometry=drawn("Polygon", coordinates))) == [("", code)]


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"type":"MultiPolygon","coordinates":[]}', "[" * 100_000, "x" * 70_000]
)
def test_values_that_are_not_geometries(text: str) -> None:
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


#: A city in each plane system, its number and its city hall or harbour.
CITIES = [
    (1, 32.7448, 129.8737), (2, 33.5904, 130.4017), (3, 35.4723, 133.0505), (4, 34.3401, 134.0434), (5, 34.6901, 135.1955),
    (6, 34.6937, 135.5022), (7, 35.1815, 136.9066), (8, 37.9161, 139.0364), (9, 33.1129, 139.7853), (10, 40.8244, 140.74),
    (11, 41.7687, 140.7288), (12, 45.4156, 141.673), (13, 43.3301, 145.5831), (14, 27.0944, 142.1918), (15, 26.212, 127.679),
    (16, 24.468, 123.005), (17, 25.9458, 131.2989), (18, 20.4225, 136.0811), (19, 24.2867, 153.9807),
]  # fmt: skip


@pytest.mark.parametrize(("number", "lat", "lon"), CITIES)
@pytest.mark.parametrize("sides", [("10", "5", "37"), ("100", "0.5", "10"), ("0.2", "250", "359.9")])
def test_the_largest_allowed_rectangle_is_accepted_everywhere(
    number: int, lat: float, lon: float, sides: tuple[str, str, str]
) -> None:
    field, city = make("polygon", max_area_m2=50), replace(CONTEXT, plane=Plane.of_number(number))
    length, width, bearing = sides
    typed = {"lat": str(lat), "lon": str(lon), "length": length, "bearing": bearing}
    rectangle = read(field, city, **typed, width=width)
    assert not rectangle.errors
    assert Plane.of_number(number).area(ring_of(rectangle.value)) == pytest.approx(50, abs=0.001)
    assert codes(read(field, city, **typed, width=str(float(width) * 1.001))) == [("", "polygon_large")]


def test_sides_are_read_with_their_units() -> None:
    typed = {
        "lat": "北緯35.69842度",
        "lon": "東経139.41367度",
        "length": "１０メートル",
        "width": "5 m",
        "bearing": "90°",
    }
    assert TOKYO.area(ring_of(value_of(make("polygon"), **typed))) == pytest.approx(50, abs=0.001)


@pytest.mark.parametrize(
    "typed",
    [
        "35.69841, 139.41367",
        "35.69841;139.41367",
        "(35.69841, 139.41367)",
        "N35.69841 E139.41367",
        "139.41367E, 35.69841N",
        "東経139.41367 北緯35.69841",
        "35°41'54.276\"N 139°24'49.212\"E",
        "35°41′54.276″N139°24′49.212″E",
        "北緯35度41分54.276秒、東経139度24分49.212秒",
        "35度41分54.276秒 139度24分49.212秒",
    ],
)
def test_a_position_as_maps_and_telephones_give_it(typed: str) -> None:
    value = value_of(make("point"), lat=typed, lon="")
    assert isinstance(value, dict)
    [(lon, lat)] = make("point").place_of(value)
    assert (lat, lon) == (pytest.approx(35.69841), pytest.approx(139.41367))


@pytest.mark.parametrize("typed", ["35°61'0\"N 139°0'0\"E", "35.69841,139.41367,17z", "35 41 54 139 24 49", "35.7"])
def test_texts_that_are_not_positions(typed: str) -> None:
    assert codes(read(make("point"), lat=typed, lon="")) == [("", "place_numbers")]


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
    assert reading.errors[0].message("ja") == "広さは20 m²までです。いまは20.05 m²あります。小さくしてください。"


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
    assert field.cel_values({}, {"area_m2": 18, "length_m": None, "office": "道路課"}) == {
        "area_m2": 18.0,
        "town_only": False,
    }
    assert field.is_place


@pytest.mark.parametrize(
    ("source", "label", "town_only"),
    [
        ("address", "曙町二丁目", True),
        ("address", "富士見町", True),
        ("address", "曙町二丁目17番3号", False),
        ("address", "立川北駅", False),
        ("drawn", "曙町二丁目", False),
    ],
)
def test_a_place_that_was_chosen_by_the_name_of_a_town_is_only_about_there(
    source: str, label: str, town_only: bool
) -> None:
    assert make("point").cel_values({"source": source, "label": label}, {})["town_only"] is town_only


@pytest.mark.parametrize("rule", [{}, {"inside": "a", "intersects": "b"}, {"near": "a"}])
def test_a_rule_says_one_thing(rule: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="rules"):
        make("point", rules=[rule])


def test_a_tampered_place_is_validated_again() -> None:
    crossing = {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]}
    errors = make("polygon").check({"geometry": crossing, "source": "drawn"}, CONTEXT)
    assert [error.code for error in errors] == ["polygon_crosses"]
