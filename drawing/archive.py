"""The schematic base as one archive of vector tiles (PMTiles 3, https://github.com/protomaps/PMTiles), drawn features and fabric together.

A layer for each kind of feature. A data tile is twice as wide as a displayed one: what a map shows at zoom z comes from tiles of z - 1, and
from those of `MAX_ZOOM` when it is nearer. `min_zoom` and `max_zoom` of features are zooms of the display.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import product
from typing import Any, BinaryIO

import mapbox_vector_tile
import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry import MultiLineString, MultiPolygon, Point, box, shape
from shapely.geometry.base import BaseGeometry

from drawing.fabric import fabric_of
from drawing.ground import PLANE, RING_M, districts, grounds, rings
from geo import basemap

MIN_ZOOM, MAX_ZOOM = 9, 15
SOURCES = ("districts.csv", "ground.py", "fabric.py", "archive.py")

_EXTENT = 8192
"""Units along a tile: an eighth of a metre at `MAX_ZOOM`, where kerbs and crossings of drawn sites are seen from near."""
_INVENTED_EXTENT = 2048
"""Half a metre at `MAX_ZOOM`: nobody measures houses that are invented, and bytes are loaded."""
_INVENTED = frozenset({"house", "street", "field"})
_BUFFER = 0.01
"""Share of a tile that its neighbours repeat: no edge shows where it ends."""
_CELLS = 8
"""Houses and streets are grouped by cells of a tile: few features, and few of them to place when a small part is shown."""
_HOUSES_FROM, _STREETS_FROM, _FIELDS_FROM = 16, 15, 14


@dataclass(frozen=True, slots=True)
class _Feature:
    layer: str
    geometry: BaseGeometry
    """In the unit square of Web Mercator, y downwards."""
    properties: dict[str, Any]


def write(file: BinaryIO) -> None:
    """Draw everything and write the archive."""
    features = [*_drawn(), *_district_labels(), *_fabric()]
    boxes = shapely.STRtree([feature.geometry for feature in features])
    west, south, east, north = shapely.total_bounds(
        [feature.geometry for feature in features if feature.layer == "city"]
    )
    writer = Writer(file)
    tiles = {}
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        number = 2**zoom
        columns = range(int(west * number), int(east * number) + 1)
        rows = range(int(south * number), int(north * number) + 1)
        for x, y in product(columns, rows):
            frame = box(x / number, y / number, (x + 1) / number, (y + 1) / number)
            nearby = [features[index] for index in sorted(boxes.query(frame.buffer(_BUFFER / number)))]
            tiles[zxy_to_tileid(zoom, x, y)] = _tile(zoom, frame, nearby)
    for tile_id in sorted(tiles):
        writer.write_tile(tile_id, tiles[tile_id])
    writer.finalize(_header((west, south, east, north)), _metadata(features))


def _metadata(features: Sequence[_Feature]) -> dict[str, Any]:
    """What readers of vector tiles ask for: the layers with the types of their properties."""
    fields: dict[str, dict[str, str]] = defaultdict(dict)
    for feature in features:
        for name, value in feature.properties.items():
            fields[feature.layer][name] = "Number" if isinstance(value, int | float) else "String"
    layers = [
        {"id": layer, "fields": fields[layer], "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM} for layer in sorted(fields)
    ]
    return {"name": "模式図", "attribution": "模式図", "sources": sources_digest(), "vector_layers": layers}


def sources_digest() -> str:
    """SHA-256 of what the archive is drawn from; it is kept in its metadata, so that an archive behind its sources is noticed."""
    sources = [files(basemap) / "schematic.geojson", *(files("drawing") / name for name in SOURCES)]
    parts = (source.read_bytes() for source in sources)
    return sha256(b"".join(parts)).hexdigest()


def _drawn() -> Iterator[_Feature]:
    for feature in basemap.features():
        properties = dict(feature["properties"])
        kind, label = properties.pop("kind"), properties.pop("label", None)
        if kind == "outside":
            continue
        geometry = _unit(shape(feature["geometry"]))
        if geometry.geom_type == "Point":
            yield _Feature("label", geometry, {"of": kind, **properties})
            continue
        yield _Feature(kind, geometry, properties)
        if kind == "city":
            yield _Feature("city-border", geometry.boundary, properties)
        if label and geometry.geom_type.endswith("Polygon"):
            yield _Feature("label", _unit(Point(label)), {"of": kind, **properties})


def _district_labels() -> Iterator[_Feature]:
    for name, city, centre in districts():
        properties = {"of": "town-label", "name": name, "city": city, "rank": 3, "min_zoom": 15}
        yield _Feature("label", _unit(centre), properties)


def _fabric() -> Iterator[_Feature]:
    for ring in rings():
        yield _Feature("street", _unit(PLANE.to_degrees(ring)), {"width_m": RING_M, "min_zoom": _STREETS_FROM})
    for ground in grounds():
        fabric = fabric_of(ground)
        for line, width in fabric.streets:
            # the widest lead through their quarter and are seen first
            first = _STREETS_FROM - 1 if width >= 7 else _STREETS_FROM
            yield _Feature("street", _unit(PLANE.to_degrees(line)), {"width_m": width, "min_zoom": first})
        for area in PLANE.to_degrees(fabric.fields):
            yield _Feature("field", _unit(area), {"min_zoom": _FIELDS_FROM})
        for house in PLANE.to_degrees(fabric.houses):
            yield _Feature("house", _unit(house), {"min_zoom": _HOUSES_FROM})


def _tile(zoom: int, frame: BaseGeometry, features: Iterable[_Feature]) -> bytes:
    """The tile of a frame, compressed."""
    layers: dict[str, list[_Feature]] = defaultdict(list)
    for feature in features:
        shown_from = feature.properties["min_zoom"]
        if zoom < MAX_ZOOM and shown_from > zoom + 1:
            continue
        layers[feature.layer].append(feature)
    encoded = []
    for name in sorted(layers):
        inside = [each for feature in _grouped(name, layers[name], frame) if (each := _encodable(feature, frame))]
        if inside:
            encoded.append({"name": name, "features": inside})
    bounds = {"quantize_bounds": frame.bounds, "y_coord_down": True}
    options = {name: bounds | {"extents": _INVENTED_EXTENT if name in _INVENTED else _EXTENT} for name in layers}
    return gzip.compress(mapbox_vector_tile.encode(encoded, per_layer_options=options), mtime=0)


def _grouped(layer: str, features: Sequence[_Feature], frame: BaseGeometry) -> Iterator[_Feature]:
    """Houses and streets as one feature for each cell of the tile and each width; other features as they are."""
    if layer not in {"house", "street"}:
        yield from features
        return
    west, north, east, _ = frame.bounds
    cells: dict[tuple[Any, ...], list[_Feature]] = defaultdict(list)
    for feature in features:
        middle = feature.geometry.centroid
        x, y = ((value - start) / (east - west) for value, start in ((middle.x, west), (middle.y, north)))
        cells[int(x * _CELLS // 1), int(y * _CELLS // 1), *sorted(feature.properties.items())].append(feature)
    for key in sorted(cells):
        members = cells[key]
        parts = np.concatenate([shapely.get_parts(member.geometry) for member in members])
        many = MultiPolygon(list(parts)) if layer == "house" else MultiLineString(list(parts))
        yield _Feature(layer, many, members[0].properties)


def _encodable(feature: _Feature, frame: BaseGeometry) -> dict[str, Any] | None:
    west, north, east, south = frame.bounds
    margin = (east - west) * _BUFFER
    clipped = shapely.clip_by_rect(feature.geometry, west - margin, north - margin, east + margin, south + margin)
    if clipped.is_empty:
        return None
    return {"geometry": clipped, "properties": feature.properties}


def _unit(geometry: BaseGeometry) -> BaseGeometry:
    """Longitude and latitude in the unit square of Web Mercator (EPSG:3857), y downwards."""

    def project(xy: Any) -> Any:
        sine = np.sin(np.radians(xy[:, 1]))
        return np.column_stack([xy[:, 0] / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)])

    projected: BaseGeometry = shapely.transform(geometry, project)
    return projected


def _header(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    west, north, east, south = bounds
    degrees = [(x - 0.5) * 360 for x in (west, east)]
    latitudes = [float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))) for y in (south, north)]
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": MIN_ZOOM,
        "max_zoom": MAX_ZOOM,
        "min_lon_e7": int(degrees[0] * 1e7),
        "max_lon_e7": int(degrees[1] * 1e7),
        "min_lat_e7": int(latitudes[0] * 1e7),
        "max_lat_e7": int(latitudes[1] * 1e7),
        "center_zoom": MIN_ZOOM + 3,
        "center_lon_e7": int(sum(degrees) / 2 * 1e7),
        "center_lat_e7": int(sum(latitudes) / 2 * 1e7),
    }
