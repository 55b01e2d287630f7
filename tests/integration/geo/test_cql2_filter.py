"""Filters in CQL2 Text: whatever they say, PostGIS finds the features that a plain reading of the same tree finds, and nothing else happens."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.catalogue import entry_of
from geo.cql2_filter import MAX_DEPTH, MAX_LENGTH, FilterError, condition, with_geometry
from geo.feature_source import FeatureSource, Window, count_features, feature_page, layer_source
from geo.layer_import import LayerMetadata, import_layer
from geo.reference_systems import CRS84, systems
from tests.integration.geo.stalls import SRID, point, rectangle

SYSTEMS = systems(SRID)
DEGREES = SYSTEMS[CRS84]
FEATURES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"name": "公園", "size": 10, "lit": True, "any": 1}, rectangle(0, 0, 50, 50)),
    ({"name": "広場", "size": 2.5, "lit": False, "any": "x"}, rectangle(100, 0, 50, 50)),
    ({"name": "Park", "size": None, "lit": None, "any": None}, rectangle(20, 20, 50, 50)),
    ({"name": "park 100%", "size": -1}, rectangle(300, 300, 5, 5)),
    ({}, rectangle(0, 400, 5, 5)),
    ({"name": "it's", "size": 10, "lit": True, "any": True}, rectangle(50, 0, 50, 50)),
]
BOX = rectangle(10, 10, 30, 30)
Truth = bool | None


@pytest.fixture(scope="module")
def source() -> Any:
    from portal.core.database import open_city_session

    with open_city_session("tachikawa") as session:
        features = [{"type": "Feature", "properties": row, "geometry": geom} for row, geom in FEATURES]
        layer = LayerMetadata("greens", {"ja": "緑"}, "polygon")
        import_layer(session, layer, {"type": "FeatureCollection", "features": features})
        entry = entry_of(session, "greens")
        assert entry is not None
        yield session, layer_source(entry)
        session.rollback()


Layer = tuple[Session, FeatureSource]


def matching(layer: Layer, text: str) -> list[int]:
    """The features that a filter finds, by their place in `FEATURES`."""
    session, source = layer
    known = with_geometry(source.queryables, source.geom)
    every = feature_page(session, source, [], Window(99), DEGREES).features
    rows = feature_page(session, source, [condition(text, known, DEGREES)], Window(99), DEGREES).features
    place = {row.id: number for number, row in enumerate(every)}
    return [place[row.id] for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size = 10", [0, 5]),
        ("size > 2 AND NOT lit = TRUE", [1]),
        ("lit", [0, 5]),
        ("name LIKE 'park%'", [3]),
        ("CASEI(name) LIKE CASEI('PARK%')", [2, 3]),
        ("name LIKE '%100\\%'", [3]),
        ("name = 'it''s'", [5]),
        ("name IN ('公園', '広場')", [0, 1]),
        ("size BETWEEN 0 AND 3", [1]),
        ("size IS NULL", [2, 4]),
        ("\"any\" = 'true'", [5]),
        ("S_INTERSECTS(geometry, POINT(139.4161 35.7003))", [0]),
        ("S_DISJOINT(geometry, BBOX(139.4, 35.6, 139.5, 35.703))", [4]),
        ("name = any", []),
        ("true", [0, 1, 2, 3, 4, 5]),
        ("(" * MAX_DEPTH + "lit" + ")" * MAX_DEPTH, [0, 5]),
        ("name = '((((((((((' OR lit", [0, 5]),
    ],
)
def test_a_filter_finds(source: Layer, text: str, expected: list[int]) -> None:
    assert matching(source, text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("size = ", "unreadable"),
        ("size = 1; DROP TABLE layer", "unreadable"),
        ("nothing = 1", "property"),
        ("size = 'ten'", "types"),
        ("size LIKE '1%'", "types"),
        ("size", "types"),
        ("1", "types"),
        ("lit < TRUE", "types"),
        ("geometry = 1", "types"),
        ("size = 1e999", "types"),
        ("size + 1 = 2", "operator"),
        ("pg_sleep(9) = 1", "operator"),
        ("pg_sleep(9)", "operator"),
        ("A_CONTAINS(name, ('a'))", "operator"),
        ("name LIKE 'a\\'", "pattern"),
        ("S_INTERSECTS(geometry, POINT(35.7 139.4))", "shape"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "shape"),
        ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(1 1)))", "shape"),
        ("S_INTERSECTS(geometry, BBOX(1, 2))", "shape"),
        ("S_INTERSECTS(name, POINT(1 1))", "types"),
        ("(" * (MAX_DEPTH + 1) + "lit" + ")" * (MAX_DEPTH + 1), "size"),
        ("(" * 40 + "lit", "size"),
        ("(" * 900 + "lit" + ")" * 900, "size"),
        ("NOT " * 400 + "lit", "size"),
        ("size = " + "-" * 1900 + "1", "size"),
        ("size = " + "1^" * 900 + "1", "size"),
        ("lit" + " = lit" * 200, "size"),
        ("name = '" + "a" * MAX_LENGTH + "'", "size"),
        ("name = 'a\0b'", "size"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(source: Layer, text: str, code: str) -> None:
    with pytest.raises(FilterError) as refused:
        matching(source, text)
    assert refused.value.code == code


NAMES = {"name": "string", "size": "number", "lit": "boolean"}
STRINGS = st.sampled_from(["公園", "Park", "park 100%", "it's", "", "a"])
NUMBERS = st.sampled_from([10, 2.5, -1, 0, 1e6])
VALUES: Mapping[str, st.SearchStrategy[Any]] = {"string": STRINGS, "number": NUMBERS, "boolean": st.booleans()}
ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
}


def literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, Callable[[int], Truth]]:
    """A comparison as text, and what it says of a feature: true, false, or nothing where the feature has no such value."""
    name = draw(st.sampled_from([*NAMES, "geometry"]))
    if name == "geometry":
        corners = ", ".join(f"{x!r} {y!r}" for x, y in BOX["coordinates"][0])
        figure = shape(BOX)
        return f"S_INTERSECTS(geometry, POLYGON(({corners})))", lambda n: shape(FEATURES[n][1]).intersects(figure)
    kind = NAMES[name]

    def value(n: int) -> Any:
        return FEATURES[n][0].get(name)

    if draw(st.booleans()):
        return f"{name} IS NULL", lambda n: value(n) is None
    op = draw(st.sampled_from(["=", "<>"] if kind == "boolean" else [*ORDER]))
    operand = draw(VALUES[kind])
    return f"{name} {op} {literal(operand)}", lambda n: None if value(n) is None else ORDER[op](value(n), operand)


def negated(inner: tuple[str, Callable[[int], Truth]]) -> tuple[str, Callable[[int], Truth]]:
    text, truth = inner
    return f"NOT ({text})", lambda n: None if truth(n) is None else not truth(n)


def joined(
    op: str, left: tuple[str, Callable[[int], Truth]], right: tuple[str, Callable[[int], Truth]]
) -> tuple[str, Callable[[int], Truth]]:
    decides = op == "OR"

    def truth(n: int) -> Truth:
        both = {left[1](n), right[1](n)}
        return decides if decides in both else None if None in both else not decides

    return f"({left[0]}) {op} ({right[0]})", truth


FILTERS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(inner.map(negated), st.builds(joined, st.sampled_from(["AND", "OR"]), inner, inner)),
    max_leaves=6,
)


@given(FILTERS)
def test_any_filter_finds_what_a_plain_reading_finds(
    source: Layer, filter_: tuple[str, Callable[[int], Truth]]
) -> None:
    text, truth = filter_
    assert matching(source, text) == [n for n in range(len(FEATURES)) if truth(n) is True]


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_is_refused(source: Layer, text: str) -> None:
    try:
        matching(source, text)
    except FilterError as refused:
        assert refused.code in {"unreadable", "size", "property", "operator", "types", "pattern", "shape"}


def test_shapes_come_in_and_go_out_in_the_order_of_axes_of_their_system(source: Layer) -> None:
    session, layer = source
    lon, lat = point()["coordinates"]
    known = with_geometry(layer.queryables, layer.geom)
    first: dict[str, list[float]] = {}
    for uri, system in SYSTEMS.items():
        row = feature_page(session, layer, [], Window(1), system).features[0]
        geometry = json.loads(row.geometry)
        first[uri] = geometry["coordinates"][0][0]
        x, y = shape(geometry).centroid.coords[0]
        inside = condition(f"S_INTERSECTS(geometry, POINT({x} {y}))", known, system)
        assert count_features(session, layer, [inside]) == 2, uri
    assert first[CRS84] == pytest.approx([lon, lat], abs=1e-6)
    for code in (4326, 6668):
        assert first[f"http://www.opengis.net/def/crs/EPSG/0/{code}"] == pytest.approx([lat, lon], abs=1e-6)
    north, east = first[f"http://www.opengis.net/def/crs/EPSG/0/{SRID}"]
    assert -34000 < north < -33000
    assert -38000 < east < -37000
