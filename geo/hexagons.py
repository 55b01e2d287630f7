"""How dense features lie: counted in hexagons of one size on the screen, which lie where they lie whatever part of the map is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import asinh, hypot, pi, radians, tan
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from geo.clusters import deinterleave
from geo.place_names import place_names
from geo.pyramid import CELL_LEVEL, Tile
from geo.source import Source
from geo.tiles import constant

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

SIDE_PX = 32
"""Side of a hexagon on the screen."""
MAX_ZOOM = 15
"""Hexagons are no smaller than at this zoom: where features are told apart by looking, they are not counted."""
FINE_LEVELS = 5
"""Features are counted in cells of 8 px first, and a cell belongs to the hexagon of its middle."""
_MAX_TILES = 64
_WORLD = 20_037_508.342789244  # half the circumference of the earth in the web Mercator projection, in its metres
_NEIGHBOURHOOD = 0.015  # degrees within which a town's centre gives a hexagon its name


@dataclass(frozen=True, slots=True)
class Hexagon:
    """A hexagon with at least one feature: its corners as (lon, lat), the first not repeated, and the town whose centre is nearest."""

    ring: tuple[tuple[float, float], ...]
    count: int
    locality: str | None


def fitting_zoom(box: Box, zoom: int) -> int:
    """The zoom whose hexagons are shown in a box: that one, or a lower one at which the box is no more than a few screens."""
    return next((z for z in range(min(zoom, MAX_ZOOM), 0, -1) if _tile_count(box, z) <= _MAX_TILES), 0)


def read_hexagons(
    connection: Connection | Session, statement: Select[Any], box: Box, zoom: int, parameters: Mapping[str, object]
) -> list[Hexagon]:
    """The hexagons of a `fitting_zoom` that touch a box, the fullest first, by the statement of that zoom; each is counted whole."""
    margin = _degrees(2 * SIDE_PX, zoom)
    west, south, east, north = box
    parts = _ranges((west - margin, south - margin, east + margin, north + margin), zoom)
    values = {"firsts": [first for first, _after in parts], "afters": [after for _first, after in parts]}
    sides = dict(zip(("west", "south", "east", "north"), box, strict=True))
    rows = connection.execute(statement, {**parameters, **values, **sides}).all()
    if not rows:
        return []
    towns = [entry.place for entry in place_names(connection) if entry.place.kind in {"town", "chome"}]

    def locality(lon: float, lat: float) -> str | None:
        near = min(towns, key=lambda town: hypot(town.lon - lon, town.lat - lat), default=None)
        return near.name if near and hypot(near.lon - lon, near.lat - lat) < _NEIGHBOURHOOD else None

    return [
        Hexagon(tuple(zip(row.lons[:-1], row.lats[:-1], strict=True)), row.features, locality(row.lon, row.lat))
        for row in rows
    ]


def ranges() -> Any:
    """The ranges of cells, `first` up to and without `after`, that a statement for `read_hexagons` counts in."""
    numbers = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("firsts", "afters"))
    return func.unnest(*numbers).table_valued("first", "after").render_derived("ranges")


def spots_of(source: Source, cell: Any, zoom: int) -> Select[Any]:
    """Features of a source counted for `hexagon_statement`. `cell`: the number of each feature's cell, see `Clustering`.

    Plan: Index Only Scan on the index of `cell` for each range of numbers.
    """
    within = ranges()
    shift = constant(2 * (CELL_LEVEL - zoom - FINE_LEVELS))
    return (
        select(cell.bitwise_rshift(shift).label("spot"), func.count().label("n"))
        .select_from(source.table)
        .join(within, and_(cell >= within.c.first, cell < within.c.after))
        .where(*source.where)
        .group_by(literal_column("1"))
    )


def hexagon_statement(counted_spots: Select[Any], zoom: int) -> Select[Any]:
    """The statement of a zoom for `read_hexagons`, of features counted by `spot`, a cell of `FINE_LEVELS` below the zoom, as `n`.

    Plan: ST_HexagonGrid for each spot.
    """
    level = zoom + FINE_LEVELS
    spots = counted_spots.cte("spots").prefix_with("MATERIALIZED", dialect="postgresql")
    metres = _number(2 * _WORLD / 2**level)
    column, row = (cast(deinterleave(spots.c.spot, axis, level), Float) + _number(0.5) for axis in (0, 1))
    middle = func.ST_SetSRID(
        func.ST_Point(column * metres - _number(_WORLD), _number(_WORLD) - row * metres), literal_column("3857")
    )
    placed = select(spots.c.n, middle.label("middle")).cte("placed").prefix_with("MATERIALIZED", dialect="postgresql")
    side = _number(SIDE_PX * 2 * _WORLD / 2 ** (zoom + 8))
    grid = func.ST_HexagonGrid(side, placed.c.middle).table_valued("geom", "i", "j")
    # On the line between two hexagons it belongs to the first.
    of_spot = (
        select(grid.c.i, grid.c.j)
        .where(func.ST_Intersects(grid.c.geom, placed.c.middle))
        .order_by(grid.c.i, grid.c.j)
        .limit(1)
        .lateral("of_spot")
    )
    counted = (
        select(of_spot.c.i, of_spot.c.j, func.sum(placed.c.n).label("n"))
        .select_from(placed.join(of_spot, true()))
        .group_by(of_spot.c.i, of_spot.c.j)
        .having(func.sum(placed.c.n) > literal_column("0"))
        .subquery("counted")
    )
    shape = func.ST_SetSRID(func.ST_Hexagon(side, counted.c.i, counted.c.j), literal_column("3857"))
    geom = func.ST_Transform(shape, literal_column("4326"))
    view = func.ST_MakeEnvelope(*(bindparam(name, type_=Float) for name in ("west", "south", "east", "north")), 4326)
    shown = select(geom.label("geom"), counted.c.n).where(func.ST_Intersects(geom, view)).subquery("shown")
    points = func.ST_DumpPoints(shown.c.geom).table_valued("path", "geom", name="corner")
    corners = select(
        func.array_agg(func.ST_X(points.c.geom)).label("lons"), func.array_agg(func.ST_Y(points.c.geom)).label("lats")
    ).lateral("corners")
    centre = func.ST_Centroid(shown.c.geom)
    return (
        select(
            cast(shown.c.n, Integer).label("features"),
            func.ST_X(centre).label("lon"),
            func.ST_Y(centre).label("lat"),
            corners.c.lons,
            corners.c.lats,
        )
        .select_from(shown.join(corners, true()))
        .order_by(shown.c.n.desc(), literal_column("lat").desc(), literal_column("lon"))
    )


def _number(value: float) -> Any:
    return literal_column(repr(float(value)))


def _degrees(pixels: float, zoom: int) -> float:
    return float(pixels * 360 / (1 << (zoom + 8)))


def _corners(box: Box, zoom: int) -> tuple[int, int, int, int]:
    """The first and last columns, and the first and last rows, of the tiles over a box."""
    west, south, east, north = box
    side = 1 << zoom

    def column(lon: float) -> int:
        return min(side - 1, max(0, int((lon + 180) / 360 * side)))

    def row(lat: float) -> int:
        return min(side - 1, max(0, int((1 - asinh(tan(radians(min(85.0, max(-85.0, lat))))) / pi) / 2 * side)))

    return column(west), column(east), row(north), row(south)


def _tile_count(box: Box, zoom: int) -> int:
    first, last, top, bottom = _corners(box, zoom)
    return (last - first + 1) * (bottom - top + 1)


def _ranges(box: Box, zoom: int) -> list[tuple[int, int]]:
    """The cells of the tiles over a box as few ranges of numbers."""
    first, last, top, bottom = _corners(box, zoom)
    tiles = product(range(first, last + 1), range(top, bottom + 1))
    runs: list[tuple[int, int]] = []
    for begin, after in sorted(Tile(zoom, x, y).cells() for x, y in tiles):
        if runs and runs[-1][1] == begin:
            runs[-1] = (runs[-1][0], after)
        else:
            runs.append((begin, after))
    return runs
