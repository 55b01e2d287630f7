"""A few shapes of a file, small enough to be kept and drawn while it is not yet known where they lie."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy
import shapely

from geo.reading.datum import Datum, in_japan
from geo.reading.shapes import MAX_POSITIONS

SHAPES, _POSITIONS, _DETAIL = 300, 12_000, 2_000
_KINDS = {0: "point", 1: "line", 2: "polygon"}


def kinds(geoms: Any) -> dict[str, int]:
    """How many of the geometries are points, lines and polygons."""
    counted = Counter(shapely.get_dimensions(geoms[~shapely.is_missing(geoms)]).tolist())
    return {_KINDS[dimension]: count for dimension, count in counted.items() if dimension in _KINDS}


def sample_of(geoms: Any) -> list[Mapping[str, Any]]:
    """Some of the geometries, spread over them, as GeoJSON in the coordinates that they have, with as much detail as a small map shows."""
    small = (
        shapely.get_num_coordinates(geoms) <= MAX_POSITIONS
    )  # what no layer takes is not worth the memory of its copies
    sound = geoms[small & ~shapely.is_missing(geoms) & ~shapely.is_empty(geoms)]
    finite = sound[numpy.isfinite(shapely.bounds(sound)).all(axis=1)]
    spread = shapely.force_2d(finite[:: max(1, len(finite) // SHAPES)][:SHAPES])
    if not len(spread):
        return []
    west, south, east, north = shapely.total_bounds(spread)
    plain = shapely.simplify(spread, max(east - west, north - south) / _DETAIL)
    enough = numpy.cumsum(shapely.get_num_coordinates(plain)) <= _POSITIONS
    return [json.loads(text) for text in shapely.to_geojson(plain[enough]) if text is not None]


def placed(sample: Sequence[Mapping[str, Any]], datum: Datum) -> list[Mapping[str, Any]]:
    """The shapes of a sample in longitude and latitude, by a coordinate system; those that have no place there are left out, and single ones
    that lie outside Japan, as faulty rows do.
    """
    geoms: Any = shapely.from_geojson([json.dumps(each) for each in sample])
    if datum.swapped:
        geoms = shapely.transform(geoms, lambda positions: positions[:, ::-1])
    move: Any = datum.transformer().transform
    moved = shapely.transform(geoms, move, interleaved=False)
    bounds = shapely.bounds(moved).reshape(-1, 4)
    whole, inside = numpy.isfinite(bounds).all(axis=1), in_japan(bounds)
    return [json.loads(text) for text in shapely.to_geojson(moved[inside if inside.any() else whole])]
