"""One parser of geometry: what it accepts, what it refuses and why, and that everything that may be drawn can also be measured."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from common.geometry import MAX_VERTICES, GeometryError, drawn, geojson, parse, require_measurable

SQUARE = [[139.413, 35.698], [139.414, 35.698], [139.414, 35.699], [139.413, 35.699], [139.413, 35.698]]
HOLE = [[139.4132, 35.6982], [139.4132, 35.6988], [139.4138, 35.6988], [139.4132, 35.6982]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def point(lon: Any, lat: Any, *height: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat, *height]}


def fault_of(value: Any, kind: str = "Polygon") -> str:
    with pytest.raises(GeometryError) as caught:
        drawn(value, kind)
    return caught.value.code


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("南鳥島", 153.9808, 24.2867),
        ("与那国島 西崎", 122.9325, 24.4497),
        ("沖ノ鳥島", 136.0808, 20.4253),
        ("択捉島 カモイワッカ岬", 148.7528, 45.5572),
        ("日本橋", 139.7744, 35.6840),
    ],
)
def test_every_corner_of_japan_is_in_japan(place: str, lon: float, lat: float) -> None:
    assert drawn(point(lon, lat), "Point") == [(lon, lat)], place
    assert require_measurable(parse(point(lon, lat))).x == lon


@pytest.mark.parametrize(("lon", "lat"), [(126.978, 37.566), (121.56, 25.04), (158.2, 6.9), (142.7, 46.9)])
def test_a_box_cannot_tell_neighbours_but_far_away_is_abroad(lon: float, lat: float) -> None:
    if lon == 126.978:  # Seoul is between the degrees of Japan's outermost islands
        assert drawn(point(lon, lat), "Point")
    else:
        assert fault_of(point(lon, lat), "Point") == "place_abroad"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (polygon(SQUARE[:-1]), "polygon_open"),
        (polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]), "polygon_crosses"),
        (polygon(SQUARE, HOLE), "polygon_hole"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[0]]), "polygon_short"),
        (polygon([[139.413, 35.698], [139.414, 35.698], [139.415, 35.698], [139.413, 35.698]]), "polygon_thin"),
        (polygon([[lat, lon] for lon, lat in SQUARE]), "place_swapped"),
        (polygon([[139 + n / 1e5, 35] for n in range(MAX_VERTICES + 2)]), "place_vertices"),
        (polygon([[float("nan"), 35.0], *SQUARE]), "place_unreadable"),
        (polygon([[float("-inf"), 35.0], *SQUARE]), "place_unreadable"),
        (polygon([[10**400, 35.0], *SQUARE]), "place_unreadable"),
        (polygon([[True, 35.0], *SQUARE]), "place_unreadable"),
        (polygon([["139.4", "35.6"], *SQUARE]), "place_unreadable"),
        (polygon([[139.4], *SQUARE]), "place_unreadable"),
        (polygon([[139.4, 35.6, 1, 2], *SQUARE]), "place_unreadable"),
        (polygon([SQUARE]), "place_unreadable"),  # nested once too deep
        (polygon(), "place_unreadable"),
        (polygon([]), "place_unreadable"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, "place_unreadable"),
        ({"type": "Polygon"}, "place_unreadable"),
        ({"type": ["Polygon"], "coordinates": [SQUARE]}, "place_unreadable"),
        ({"type": "Feature", "geometry": polygon(SQUARE)}, "place_unreadable"),
        ([polygon(SQUARE)], "place_unreadable"),
        (None, "place_unreadable"),
    ],
)
def test_a_refused_geometry_says_why(value: Any, code: str) -> None:
    assert fault_of(value) == code


def test_heights_and_double_clicks_are_left_out() -> None:
    high = [[*at, 30.5] for at in SQUARE]
    twice = [at for at in high for _ in range(2)]
    assert drawn(polygon(twice), "Polygon") == [tuple(at) for at in SQUARE]
    assert not parse(polygon(high)).has_z


def test_as_many_corners_as_allowed() -> None:
    corners = [
        [
            139.4 + math.cos(n * 2 * math.pi / MAX_VERTICES) / 1000,
            35.7 + math.sin(n * 2 * math.pi / MAX_VERTICES) / 1000,
        ]
        for n in range(MAX_VERTICES)
    ]
    assert len(drawn(polygon([*corners, corners[0]]), "Polygon")) == MAX_VERTICES + 1


@pytest.mark.parametrize(
    "value",
    [
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]},
        {"type": "MultiLineString", "coordinates": [SQUARE[:2], SQUARE[2:4]]},
        {"type": "MultiPoint", "coordinates": SQUARE[:2]},
        polygon(SQUARE, HOLE),
    ],
)
def test_layers_may_hold_what_nobody_draws(value: dict[str, Any]) -> None:
    assert require_measurable(parse(value)).equals(shape(value))


def test_layers_in_metres_are_read_in_any_plane() -> None:
    assert parse(point(-36_700.5, -33_000.25)).coords[0] == (-36_700.5, -33_000.25)


lons, lats = st.floats(139.4, 139.41), st.floats(35.69, 35.70)
positions = st.tuples(lons, lats)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | positions.map(list),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner, max_size=2)
    ),
    max_leaves=30,
)


@given(st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Circle"]), anything)
def test_any_input_is_accepted_or_rejected_with_a_code(kind: str, coordinates: Any) -> None:
    for value in (coordinates, {"type": kind, "coordinates": coordinates}):
        for read in (lambda v: drawn(v, kind), parse, lambda v: require_measurable(parse(v))):
            try:
                read(value)
            except GeometryError as error:
                assert error.code


@given(st.sampled_from(["LineString", "Polygon"]), st.lists(positions, min_size=2, max_size=8))
def test_what_may_be_drawn_can_be_measured_and_drawn_again(kind: str, corners: list[tuple[float, float]]) -> None:
    ring = [*corners, corners[0]] if kind == "Polygon" else corners
    value = {"type": kind, "coordinates": [ring] if kind == "Polygon" else ring}
    try:
        geometry = drawn(value, kind)
    except GeometryError:
        return
    stored = json.loads(json.dumps(geojson(kind, geometry)))
    assert require_measurable(parse(stored, max_positions=MAX_VERTICES + 1)).is_valid
    assert drawn(stored, kind) == geometry
