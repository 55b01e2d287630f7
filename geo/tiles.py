"""Vector tiles (Mapbox Vector Tile 2.1), made by PostGIS: every feature of a source as a pin, with its shape, and clusters.

Nothing is ever dropped to keep a tile small: where there are too many features to show, `cluster_tile` counts them.
"""

from collections.abc import Mapping
from functools import reduce
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Integer,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, case, cast
from sqlalchemy.types import BigInteger

from geo.pyramid import BUFFER, CELL_LEVEL, EXTENT, Tile
from geo.source import Clustering, Source

_GRID_LEVELS = 2  # a tile is divided into 4 × 4 cells of 64 px, the room that the disc of a cluster needs
_FINE_LEVELS = 5  # the mean position of a cell's features is computed on a grid of 32 × 32 in the tile
_CELL_SIDE = EXTENT >> _GRID_LEVELS
_MARGIN = _CELL_SIDE // 5  # how near a disc may come to the border of its cell

MAX_CLUSTER_ZOOM = CELL_LEVEL - _FINE_LEVELS


def etag(tile: bytes) -> str:
    """Entity tag of a tile: a digest of its bytes.

    A counter of changes would make all writers wait for each other until commit, and would have to know the reader's rights and
    filter; the bytes reflect both.
    """
    return blake2b(tile, digest_size=12).hexdigest()


def read_tile(
    connection: Connection | Session, statement: Select[Any], tile: Tile, parameters: Mapping[str, object]
) -> bytes:
    """One tile by a statement of this module, with the values of the bind parameters in the source's conditions; may be empty."""
    return bytes(connection.execute(statement, {**tile.parameters(), **parameters}).scalar_one())


def cluster_tile(source: Source, clustering: Clustering, zoom: int) -> Select[Any]:
    """The statement for tiles of a zoom with the layer `cells`: at most sixteen points, each for the features of a cell.

    Properties: `n`, a count for each category, each subset, and `single` where one feature stands alone.
    Raises ValueError for a zoom above `MAX_CLUSTER_ZOOM`.
    Plan: Index Only Scan on the index of `cell` for one range of numbers. Features are counted on a fine grid first, so that the
    point of a cluster stands where the features are, not in the middle of the cell.
    """
    if zoom > MAX_CLUSTER_ZOOM:
        raise ValueError(f"no clusters above z{MAX_CLUSTER_ZOOM}")
    single_name, single = clustering.single
    fine_shift = 2 * (CELL_LEVEL - zoom - _FINE_LEVELS)
    fine = (
        select(
            clustering.cell.bitwise_rshift(_int(fine_shift)).label("fine"),
            clustering.category.label("category"),
            func.count().label("n"),
            *(func.count().filter(subset.condition).label(f"{name}_n") for name, subset in clustering.subsets.items()),
            func.min(single).label("single"),
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
    coarse = fine.c.fine.bitwise_rshift(_int(2 * (_FINE_LEVELS - _GRID_LEVELS)))
    total = func.sum(fine.c.n)
    counts: dict[str, ColumnElement[Any]] = {"n": total}
    for category in clustering.categories:
        counts[category] = total.filter(fine.c.category == category)
    for name, subset in clustering.subsets.items():
        # The categories are compared once for each group and not for each feature.
        counts[name] = func.sum(fine.c[f"{name}_n"]).filter(
            or_(*(fine.c.category == category for category in subset.categories))
        )
    clusters = select(
        *(cast(func.coalesce(count, literal_column("0")), Integer).label(name) for name, count in counts.items()),
        case((total == literal_column("1"), func.min(fine.c.single))).label(single_name),
        func.ST_Point(_mean(fine, coarse, 0), _mean(fine, coarse, 1)).label("geom"),
    ).group_by(coarse)
    return encode(clusters.subquery("t"), "cells")


def _mean(fine: Subquery, coarse: ColumnElement[int], axis: int) -> ColumnElement[float]:
    """Mean position of a cell's features along one axis, in tile units, kept off the border of the cell.

    Rows of a web-map tile and of a vector tile both run downwards, so y needs no turning.
    """
    step = EXTENT >> _FINE_LEVELS
    position = _deinterleave(fine.c.fine, axis, _FINE_LEVELS) * _int(step) + _int(step // 2)
    mean = func.sum(fine.c.n * position) / func.sum(fine.c.n)
    low = _deinterleave(coarse, axis, _GRID_LEVELS) * _int(_CELL_SIDE) + _int(_MARGIN)
    return cast(func.least(func.greatest(mean, low), low + _int(_CELL_SIDE - 2 * _MARGIN)), Float)


def _deinterleave(code: ColumnElement[int], axis: int, levels: int) -> ColumnElement[int]:
    """Column (axis 0) or row (axis 1) inside the tile of a Morton code: every second bit of its last levels."""
    bits = (code.bitwise_rshift(_int(level + axis)).bitwise_and(_int(1 << level)) for level in range(levels))
    return reduce(lambda left, right: left + right, bits)


def feature_tile(source: Source) -> Select[Any]:
    """The statement for tiles with every feature: layer `pins`, one point a feature, in exactly one tile; layer `areas`, lines and polygons.

    Properties are the source's and `kind` (point | line | area); the id is the feature's.
    Plan: Bitmap or Index Scan on the GiST index of `geom`.
    """
    dimension = func.ST_Dimension(source.geom)
    kind = case(
        (dimension == literal_column("0"), literal_column("'point'")),
        (dimension == literal_column("1"), literal_column("'line'")),
        else_=literal_column("'area'"),
    )
    spot = case((dimension == literal_column("0"), source.geom), else_=func.ST_PointOnSurface(source.geom))
    near = (
        select(
            source.id.label("id"),
            *(column.label(name) for name, column in source.properties.items()),
            kind.label("kind"),
            source.geom.label("geom"),
            spot.label("spot"),
        )
        .where(source.geom.intersects(envelope()), *source.where)
        .cte("near")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    columns = [column for column in near.c if column.name not in {"geom", "spot"}]
    pins = (
        select(*columns, tile_geometry(near.c.spot, 0).label("geom"))
        .where(
            func.ST_X(near.c.spot) >= _degrees("west"),
            func.ST_X(near.c.spot) < _degrees("east"),
            func.ST_Y(near.c.spot) > _degrees("south"),
            func.ST_Y(near.c.spot) <= _degrees("north"),
        )
        .subquery("t")
    )
    areas = (
        select(*columns, tile_geometry(near.c.geom, BUFFER).label("geom"))
        .where(near.c.kind != literal_column("'point'"))
        .subquery("t")
    )
    return select(encode(areas, "areas", "id").scalar_subquery().concat(encode(pins, "pins", "id").scalar_subquery()))


def encode(rows: Subquery, name: str | ColumnElement[str], feature_id: str | None = None) -> Select[Any]:
    """Rows, whose geometry is named `geom`, as one layer of a tile."""
    arguments: list[object] = [literal_column("t.*"), name, EXTENT, literal_column("'geom'")]
    if feature_id:
        arguments.append(literal(feature_id))
    return select(func.ST_AsMVT(*arguments)).select_from(rows)


def tile_geometry(shape: ColumnElement[Any], buffer: int) -> ColumnElement[Any]:
    """A shape in the units of the tile; NULL where it is too small to be seen or outside."""
    return func.ST_AsMVTGeom(
        func.ST_Transform(shape, literal_column("3857")),
        func.ST_TileEnvelope(*(bindparam(name, type_=Integer) for name in ("z", "x", "y"))),
        EXTENT,
        buffer,
        literal_column("true"),
    )


def envelope() -> ColumnElement[Any]:
    """The tile with its buffer, as a box in degrees."""
    sides = (_degrees(name) for name in ("box_west", "box_south", "box_east", "box_north"))
    return func.ST_MakeEnvelope(*sides, literal_column("4326"))


def _degrees(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)


def _int(value: int) -> ColumnElement[int]:
    """A number written into the text of the statement, so that PostgreSQL sees equal expressions as equal."""
    return literal(value, Integer, literal_execute=True)
