"""The archive of tiles that browsers load: small, and without an empty field at any address of the three cities."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from drawing.ground import districts
from geo import basemap

ARCHIVE = Path(basemap.__file__).with_name("schematic.pmtiles")
SOURCES = ("districts.csv", "ground.py", "fabric.py", "archive.py")
pytestmark = pytest.mark.slow  # it reads every street and house
TRUE = 0.812
"""Metres on the ground in a metre of Web Mercator, here."""


@cache
def layer(name: str) -> shapely.STRtree:
    """A layer of the nearest tiles."""
    _, _, shapes, _ = pyogrio.raw.read(ARCHIVE, layer=name, columns=[], ZOOM_LEVEL=15)
    return shapely.STRtree(shapely.from_wkb(shapes))


def drawn(*kinds: str) -> list[shapely.Geometry]:
    return [shape(each["geometry"]) for each in basemap.features() if each["properties"]["kind"] in kinds]


def mercator(points: list[shapely.Point]) -> np.ndarray:
    xy = shapely.get_coordinates(points)
    radius = 6378137.0
    return shapely.points(np.radians(xy[:, 0]) * radius, np.arcsinh(np.tan(np.radians(xy[:, 1]))) * radius)


def test_it_is_small() -> None:
    assert ARCHIVE.stat().st_size < 2_000_000


def test_it_was_drawn_from_the_present_sources() -> None:
    metadata = pyogrio.read_info(ARCHIVE, layer="label")["dataset_metadata"]
    sources = [ARCHIVE.with_name("schematic.geojson"), *(files("drawing") / name for name in SOURCES)]
    parts = [source.read_bytes() for source in sources]
    assert metadata["sources"] == sha256(b"".join(parts)).hexdigest(), "draw it anew: python -m drawing"


def test_its_layers_are_the_kinds_of_the_style() -> None:
    layers = {name for name, _ in pyogrio.list_layers(ARCHIVE)}
    assert layers - {"label", "city-border"} <= set(basemap.style())
    shapes = {each["properties"]["kind"] for each in basemap.features() if each["geometry"]["type"] != "Point"}
    assert shapes - {"outside"} | {"street", "house", "field"} <= layers


@pytest.mark.parametrize("city", ["tachikawa", "mitaka", "hino"])
def test_every_quarter_has_streets_and_houses_around_it(city: str) -> None:
    centres = mercator([point for _, of, point in districts() if of == city])
    _, to_street = layer("street").query_nearest(centres, return_distance=True, all_matches=False)
    assert np.quantile(to_street, 0.9) * TRUE < 100
    around = shapely.buffer(centres, 250 / TRUE)
    with_houses = np.unique(layer("house").query(around, predicate="intersects")[0])
    assert len(with_houses) / len(centres) > 0.95


def test_places_of_the_cities_are_covered_by_something() -> None:
    """A thousand places: each lies in something drawn or within 80 m of a street."""
    random = np.random.default_rng(7)
    places: list[shapely.Point] = []
    for outline in drawn("city"):
        west, south, east, north = outline.bounds
        dots = shapely.points(random.uniform(west, east, 600), random.uniform(south, north, 600))
        places += list(dots[shapely.contains(outline, dots)])
    spots = mercator(places)
    covered = np.zeros(len(spots), dtype=bool)
    covered[layer("house").query(spots, predicate="within")[0]] = True
    covered |= layer("street").query_nearest(spots, return_distance=True, all_matches=False)[1] * TRUE < 80
    named = shapely.union_all(drawn("park", "civic", "bank", "river", "lot", "road-major", "rail"))
    covered |= shapely.distance(named, places) < 0.0008
    assert len(spots) > 700
    assert covered.mean() > 0.995
