"""Counted cells of vector tiles: where a tile has more features than can be shown, four by four points that tell how many there are."""

from functools import reduce
from typing import Any

from sqlalchemy import Float, Integer, Select, Subquery, bindparam, func, literal_column, or_, select
from sqlalchemy.sql import ColumnElement, case, cast
from sqlalchemy.types import BigInteger

from geo.pyramid import CELL_LEVEL, EXTENT
from geo.source import Clustering, Source
from geo.tiles import constant, encode

GRID_LEVELS = 2
"""A tile is divided into 4 × 4 cells of 64 px, the room that the disc of a cluster needs."""
MAX_CLUSTER_ZOOM = CELL_LEVEL - GRID_LEVELS
_FINE_LEVELS = 5  # the mean position of a cell's features is computed on a grid of up to 32 × 32 in the tile
_CELL_SIDE = EXTENT >> GRID_LEVELS
_MARGIN = _CELL_SIDE // 5  # how near a disc may come to the border of its cell


def cluster_tile(source: Source, clustering: Clustering, zoom: int) -> Select[Any]:
    """The statement for tiles of a zoom with the layer `cells`: at most sixteen points, each for the features of a cell.

    Properties: `n`, a count for each category, each subset, and `single` where one feature stands alone.
    Raises ValueError for a zoom above `MAX_CLUSTER_ZOOM`.
    Plan: Index Only Scan on the index of `cell` for one range of numbers. Features are counted on a fine grid first, so that the
    point of a cluster stands where the features are, not in the middle of the cell.
    """
    if zoom > MAX_CLUSTER_ZOOM:
        raise ValueError(f"no clusters above z{MAX_CLUSTER_ZOOM}")
    levels = min(_FINE_LEVELS, CELL_LEVEL - zoom)
    fine = (
        select(
            clustering.cell.bitwise_rshift(constant(2 * (CELL_LEVEL - zoom - levels))).label("fine"),
            clustering.category.label("category"),
            func.count().label("n"),
            *(func.count().filter(subset.condition).label(name) for name, subset in clustering.subsets.items()),
            func.min(clustering.single[1]).label("single"),
        )
        .where(
            clustering.cell >= bindparam("first_cell", type_=BigInteger),
            clustering.cell < bindparam("after_cell", type_=BigInteger),
            *source.where,
        )
        # By category too, rather than a filtered count for each: half the time for a city in one tile.
        .group_by(literal_column("1"), clustering.category)
        .subquery("fine")
    )
    step = EXTENT >> levels
    columns = [column for column in fine.c if column.name != "fine"]
    positions = [
        fine.c.n * (deinterleave(fine.c.fine, axis, levels) * constant(step) + constant(step // 2)) for axis in (0, 1)
    ]
    rows = select(
        fine.c.fine.bitwise_rshift(constant(2 * (levels - GRID_LEVELS))).label("cell"),
        *columns,
        *(position.label(name) for name, position in zip(("x", "y"), positions, strict=True)),
    )
    return clusters_of(rows.subquery("rows"), clustering)


def clusters_of(rows: Subquery, clustering: Clustering) -> Select[Any]:
    """The statement for the same tiles, of features that are counted already; of the clustering, the names alone are used.

    Rows have the number `cell` of one of the tile's sixteen cells, in Morton order, `category`, and sums over features: their number `n`, those
    in each subset, their numbers `single`, and their places `x` and `y` in the tile in units of its extent. Rows of a cell are added up.
    """
    total = func.sum(rows.c.n)
    counts: dict[str, ColumnElement[Any]] = {"n": total}
    for category in clustering.categories:
        counts[category] = total.filter(rows.c.category == category)
    for name, subset in clustering.subsets.items():
        # The categories are compared once for each group and not for each feature.
        counts[name] = func.sum(rows.c[name]).filter(
            or_(*(rows.c.category == category for category in subset.categories))
        )
    clusters = (
        select(
            *(cast(func.coalesce(count, literal_column("0")), Integer).label(name) for name, count in counts.items()),
            case((total == literal_column("1"), cast(func.sum(rows.c.single), BigInteger))).label(clustering.single[0]),
            func.ST_Point(_inside(rows, "x", 0), _inside(rows, "y", 1)).label("geom"),
        )
        .group_by(rows.c.cell)
        .having(total > literal_column("0"))
    )
    return encode(clusters.subquery("t"), "cells")


def position_in_tile(rows: Subquery, axis: str, zoom: int) -> ColumnElement[float]:
    """Sum of positions in the tile along an axis, `x` or `y`, in units of its extent, of `n` features in the middles of cells.

    The column of the same name is the sum of the columns, or rows, of the cells at `CELL_LEVEL`.
    """
    side = 1 << (CELL_LEVEL - zoom)
    first = cast(bindparam(axis, type_=Integer), BigInteger) * constant(side)
    middle = cast(rows.c[axis] - rows.c.n * first, Float) + cast(rows.c.n, Float) * literal_column("0.5")
    return middle * literal_column(str(EXTENT / side))


def _inside(rows: Subquery, name: str, axis: int) -> ColumnElement[float]:
    """Mean position of a cell's features along one axis, in tile units, kept off the border of the cell.

    Rows of a web-map tile and of a vector tile both run downwards, so y needs no turning.
    """
    mean = func.sum(rows.c[name]) / func.sum(rows.c.n)
    low = deinterleave(rows.c.cell, axis, GRID_LEVELS) * constant(_CELL_SIDE) + constant(_MARGIN)
    return cast(func.least(func.greatest(mean, low), low + constant(_CELL_SIDE - 2 * _MARGIN)), Float)


def deinterleave(code: ColumnElement[int], axis: int, levels: int) -> ColumnElement[int]:
    """Column (axis 0) or row (axis 1) inside the tile of a Morton code: every second bit of its last levels."""
    bits = (code.bitwise_rshift(constant(level + axis)).bitwise_and(constant(1 << level)) for level in range(levels))
    return reduce(lambda left, right: left + right, bits)
