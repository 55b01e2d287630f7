"""Streets, blocks and houses between what the schematic base names: invented by rule, so that no address lies in an empty field.

The land of a city that is neither water, park, railway nor main road is divided among its 丁目 by nearness to their centres, and each part is
split across its longer side, with a street on the cut, until it has the size of a block; blocks are split the same way, without streets,
into plots, and a house stands on most of them. The same drawing always gives the same streets: what varies comes from one seeded generator.

Coordinates here are metres in the local plane of `Plane`. Method: subdivision by oriented bounding boxes, as in Vanegas et al., "Procedural
Generation of Parcels in Urban Modeling", Computer Graphics Forum 31 (2012).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[Any]
"""Shapely geometries in a numpy array of objects."""

SEED = 1309

_DISTRICT_STREET_M = 7.0
_BLOCK_HA = (0.3, 0.75)
_PLOT_M2 = (200.0, 360.0)
_LARGE_PLOT_M2 = (500.0, 900.0)
"""At stations, and in some blocks elsewhere, stand larger buildings."""
_LARGE_SHARE = 0.12
_CENTRE_M = 420.0
"""Nearer than this to a station all plots are large, and no block is a field."""
_BUILT = 0.85
"""Share of the plots with a house; the rest is free."""
_SLIVER_M2 = 45.0
_MIN_HOUSE_M2 = 28.0


@dataclass(frozen=True, slots=True)
class Plane:
    """A local plane in metres, true to a per mille in a city: longitude and latitude scaled at one parallel."""

    longitude: float
    latitude: float

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([111_320.0 * np.cos(np.radians(self.latitude)), 110_940.0])

    def to_metres(self, shapes: Any) -> Any:
        """Geometries of degrees in metres."""
        return shapely.transform(shapes, lambda xy: (xy - [self.longitude, self.latitude]) * self._scale)

    def to_degrees(self, shapes: Any) -> Any:
        """Geometries of metres in degrees."""
        return shapely.transform(shapes, lambda xy: xy / self._scale + [self.longitude, self.latitude])


@dataclass(frozen=True, slots=True)
class Ground:
    """What the fabric of a city is laid between."""

    outline: BaseGeometry
    closed: BaseGeometry
    """Where nothing is built: water, parks, railways, main roads, drawn sites, each with its margin."""
    centres: Shapes
    """Points of the 丁目."""
    stations: BaseGeometry
    countryside: float
    """Share of the blocks away from stations that are fields."""


@dataclass(frozen=True, slots=True)
class Fabric:
    """The invented part of the map."""

    streets: list[tuple[BaseGeometry, float]]
    """Lines with the width of the street."""
    houses: Shapes
    fields: Shapes


def fabric_of(ground: Ground) -> Fabric:
    """The streets, houses and fields of a city."""
    random = np.random.default_rng(SEED)
    free = ground.outline.difference(ground.closed)
    districts, borders = _districts(ground, free)
    streets = [(border, _DISTRICT_STREET_M) for border in borders]
    blocks, inner = _split_into_blocks(districts, random)
    streets += inner
    near = shapely.distance(shapely.centroid(blocks), ground.stations) < _CENTRE_M
    is_field = (random.random(len(blocks)) < ground.countryside) & ~near
    fields = shapely.buffer(blocks[is_field], -1.0)
    built = blocks[~is_field]
    is_large = near[~is_field] | (random.random(len(built)) < _LARGE_SHARE)
    plot_m2 = np.where(is_large, random.uniform(*_LARGE_PLOT_M2, len(built)), random.uniform(*_PLOT_M2, len(built)))
    return Fabric(streets, _houses(built, plot_m2, random), fields[~shapely.is_empty(fields)])


def _districts(ground: Ground, free: BaseGeometry) -> tuple[Shapes, Sequence[BaseGeometry]]:
    """The free land of each 丁目 without the streets at its borders, and the lines of those streets."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(ground.centres), extend_to=ground.outline))
    edges = shapely.union_all(shapely.boundary(cells)).intersection(free)
    parts = shapely.get_parts(shapely.intersection(shapely.buffer(cells, -_DISTRICT_STREET_M / 2), free))
    return _worth_building(parts), [line for line in _lines(edges) if line.length > 2 * _DISTRICT_STREET_M]


def _split_into_blocks(parts: Shapes, random: np.random.Generator) -> tuple[Shapes, list[tuple[BaseGeometry, float]]]:
    streets: list[tuple[BaseGeometry, float]] = []
    blocks: list[Shapes] = []
    while len(parts):
        area = shapely.area(parts)
        small = area < random.uniform(*_BLOCK_HA, len(parts)) * 10_000
        blocks.append(parts[small])
        parts = parts[~small]
        if not len(parts):
            break
        widths = np.where(area[~small] > 40_000, 6.0, 4.5)
        halves, cuts = _cut(parts, random.uniform(0.42, 0.58, len(parts)), widths)
        for cut, width in zip(cuts, widths, strict=True):
            streets += [(line, float(width)) for line in _lines(cut) if line.length > 8.0]
        parts = _worth_building(shapely.get_parts(halves))
    return np.concatenate(blocks), streets


def _houses(blocks: Shapes, plot_m2: NDArray[np.float64], random: np.random.Generator) -> Shapes:
    """A house on most of the plots, of about the size of each block, that the blocks are split into."""
    plots: list[Shapes] = []
    parts, limits = blocks, plot_m2 * 1.4
    while len(parts):
        small = shapely.area(parts) < limits
        plots.append(parts[small])
        parts, limits = parts[~small], limits[~small]
        if len(parts):
            halves, _ = _cut(parts, random.uniform(0.4, 0.6, len(parts)), np.zeros(len(parts)))
            parts, whole = shapely.get_parts(halves, return_index=True)
            limits = np.tile(limits, 2)[whole]
    every = np.concatenate(plots) if plots else np.array([], dtype=object)
    every = every[(shapely.area(every) > _SLIVER_M2) & (random.random(len(every)) < _BUILT)]
    boxes = shapely.oriented_envelope(every)
    scales = random.uniform(0.62, 0.84, (len(boxes), 2))
    houses = _scaled(boxes, scales)
    inside = shapely.contains_properly(every, houses)
    houses = np.where(inside, houses, shapely.intersection(_scaled(boxes, scales * 0.8), shapely.buffer(every, -1.0)))
    is_house = (shapely.get_type_id(houses) == shapely.GeometryType.POLYGON) & (shapely.area(houses) > _MIN_HOUSE_M2)
    return np.asarray(houses[is_house])


def _cut(parts: Shapes, at: NDArray[np.float64], gaps: NDArray[np.float64]) -> tuple[Shapes, Shapes]:
    """Each polygon cut across its longer side at a share of it: both halves, `gap` metres apart, and the line between."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(parts)).reshape(-1, 5, 2)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    longer = (np.linalg.norm(first, axis=1) >= np.linalg.norm(second, axis=1))[:, None]
    along, across = np.where(longer, first, second), np.where(longer, second, first)
    origin = np.where(longer, corners[:, 0], corners[:, 1])
    # the second side starts at the second corner and runs on; the first turns back to it
    across = np.where(longer, across, -across)
    unit = along / np.linalg.norm(along, axis=1)[:, None]
    middle = origin + along * at[:, None]
    reach = across * 0.02
    near, far = origin - unit - reach, origin + along + unit - reach
    width = across * 1.04
    half = unit * (gaps / 2)[:, None]
    left = _quadrilaterals(near, middle - half - reach, width)
    right = _quadrilaterals(middle + half - reach, far, width)
    cuts = shapely.intersection(shapely.linestrings(np.stack([middle - reach, middle - reach + width], axis=1)), parts)
    return np.concatenate([shapely.intersection(parts, left), shapely.intersection(parts, right)]), cuts


def _quadrilaterals(start: NDArray[np.float64], end: NDArray[np.float64], width: NDArray[np.float64]) -> Shapes:
    rings = shapely.linearrings(np.stack([start, end, end + width, start + width, start], axis=1))
    return np.asarray(shapely.polygons(rings))


def _scaled(boxes: Shapes, factors: NDArray[np.float64]) -> Shapes:
    """Oriented boxes made smaller about their middles, along each of their sides."""
    corners = shapely.get_coordinates(boxes).reshape(-1, 5, 2)
    middle = corners[:, :4].mean(axis=1)
    first = (corners[:, 1] - corners[:, 0]) * factors[:, :1] / 2
    second = (corners[:, 2] - corners[:, 1]) * factors[:, 1:] / 2
    ring = [middle - first - second, middle + first - second, middle + first + second, middle - first + second]
    return np.asarray(shapely.polygons(shapely.linearrings(np.stack([*ring, ring[0]], axis=1))))


def _worth_building(parts: Shapes) -> Shapes:
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return np.asarray(polygons[shapely.area(polygons) > 4 * _SLIVER_M2])


def _lines(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shapely.line_merge(shape)):
        if part.geom_type == "LineString":
            yield part
