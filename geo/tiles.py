"""Vector tiles (Mapbox Vector Tile 2.1) of cases and of map layers, made by PostGIS.

Up to z14 a tile of cases holds counts, never points: sixteen cells with the number of cases by status. From z15 on it
holds every place as a pin and, where it is a line or an area, its shape. Nothing is ever dropped to keep a tile small.
"""

from functools import cache, lru_cache, reduce
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Float, Integer, Select, Subquery, bindparam, func, literal, literal_column, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, case, cast
from sqlalchemy.types import BigInteger, Date, Text

from common.status import STATUSES
from geo.filters import CaseFilter, conditions, is_late, open_place
from geo.pyramid import BUFFER, CELL_LEVEL, EXTENT, Tile
from geo.tables import case_place, layer, layer_feature

CELLS_UP_TO = 14
GRID_LEVELS = 2  # a tile is divided into 4 × 4 cells of 64 px, the room a counted disc needs
FINE_LEVELS = 5  # the middle of a cell's cases is found on a grid of 32 × 32 in the tile
CELL_SIDE = EXTENT >> GRID_LEVELS
MARGIN = CELL_SIDE // 5  # how near a disc may come to the border of its cell


def etag(tile: bytes) -> str:
    """Entity tag of a tile of cases: a digest of its bytes.

    A counter of changes would make all writers of a city wait for each other until commit, and would have to know
    the reader's rights and filter; the bytes know both.
    """
    return blake2b(tile, digest_size=12).hexdigest()


def case_tile(connection: Connection | Session, z: int, x: int, y: int, wanted: CaseFilter) -> bytes:
    """The places of cases in a tile that pass the filter. Raises ValueError for a tile that does not exist.

    Up to z14: layer `cells`, see `case_cells`. From z15: layers `pins` and `areas`, see `case_places`.
    """
    tile = Tile(z, x, y)
    statement = _case_statement(z, wanted.outline())
    return bytes(connection.execute(statement, tile.values() | wanted.values()).scalar_one())


@lru_cache(maxsize=256)
def _case_statement(z: int, outline: CaseFilter) -> Select[Any]:
    """The statement for all tiles of a zoom and all filters of an outline: building it takes longer than running it."""
    tile = Tile(z, 0, 0)
    return case_cells(tile, outline) if z <= CELLS_UP_TO else case_places(tile, outline)


def case_cells(tile: Tile, wanted: CaseFilter) -> Select[Any]:
    """Counted cells: points with `n`, a count for each status, `late`, and `case_id` where one case stands alone.

    Plan: Index Only Scan on ix_case_place_cell for one range of cell numbers; the filter is answered by the index's
    included columns. Counted first on a fine grid, so that the disc stands where the cases are, not in mid-cell.
    """
    place = case_place.c
    first, after = tile.cells()
    fine_shift = 2 * (CELL_LEVEL - tile.z - FINE_LEVELS)
    fine = (
        select(
            place.cell.op(">>")(_int(fine_shift)).label("fine"),
            place.status,
            func.count().label("n"),
            func.count().filter(place.due_on < bindparam("today", wanted.today, Date)).label("past"),
            func.min(place.case_id).label("case_id"),
        )
        .where(
            place.cell >= bindparam("first_cell", first, BigInteger),
            place.cell < bindparam("after_cell", after, BigInteger),
            *conditions(wanted),
        )
        # By status too, rather than a filtered count for each: half the time for a city in one tile.
        .group_by(literal_column("1"), place.status)
        .subquery("fine")
    )
    coarse = fine.c.fine.op(">>")(_int(2 * (FINE_LEVELS - GRID_LEVELS)))
    total = func.sum(fine.c.n)
    by_status: dict[str, ColumnElement[int]] = {
        name: func.coalesce(total.filter(fine.c.status == literal_column(f"'{name}'")), literal_column("0"))
        for name in STATUSES
    }
    # Asked once for each group and not for each case: which of those past their day are open.
    late = func.coalesce(func.sum(fine.c.past).filter(open_place(fine.c)), literal_column("0"))
    counts: dict[str, ColumnElement[int]] = {"n": total, **by_status, "late": late}
    counted = select(
        *(cast(count, Integer).label(name) for name, count in counts.items()),
        case((total == 1, func.min(fine.c.case_id))).label("case_id"),
        func.ST_Point(_middle(fine, coarse, 0), _middle(fine, coarse, 1)).label("geom"),
    ).group_by(coarse)
    return _tile_of(counted.subquery("t"), "cells")


def _middle(fine: Subquery, coarse: ColumnElement[int], axis: int) -> ColumnElement[float]:
    """Mean position of a cell's cases along one axis, in tile units, kept off the border of the cell.

    Rows of a web-map tile and of a vector tile both run downwards, so y needs no turning.
    """
    step = EXTENT >> FINE_LEVELS
    position = _gathered(fine.c.fine, axis, FINE_LEVELS) * _int(step) + _int(step // 2)
    mean = func.sum(fine.c.n * position) / func.sum(fine.c.n)
    low = _gathered(coarse, axis, GRID_LEVELS) * _int(CELL_SIDE) + _int(MARGIN)
    return cast(func.least(func.greatest(mean, low), low + _int(CELL_SIDE - 2 * MARGIN)), Float)


def _gathered(code: ColumnElement[int], axis: int, levels: int) -> ColumnElement[int]:
    """Column (axis 0) or row (axis 1) inside the tile of a Morton code: every second bit of its last levels."""
    bits = (code.op(">>")(_int(level + axis)).op("&")(_int(1 << level)) for level in range(levels))
    return reduce(lambda left, right: left + right, bits)


def case_places(tile: Tile, wanted: CaseFilter) -> Select[Any]:
    """Layer `pins`: one point a place, in exactly one tile; layer `areas`: lines and polygons. The id is the place's.

    Attributes: case_id, status, state, due (ISO date), late, procedure, kind (point | line | area).
    Plan: open cases only, Bitmap or Index Scan on ix_case_place_open_geom; otherwise on ix_case_place_geom.
    """
    place = case_place.c
    box = _box(tile)
    attributes = (
        place.id,
        place.case_id,
        place.status,
        place.state,
        func.to_char(place.due_on, literal_column("'YYYY-MM-DD'")).label("due"),
        func.coalesce(is_late(wanted.today), literal_column("false")).label("late"),
        place.procedure_key.label("procedure"),
        case(
            (func.ST_Dimension(place.geom) == 0, literal_column("'point'")),
            (func.ST_Dimension(place.geom) == 1, literal_column("'line'")),
            else_=literal_column("'area'"),
        ).label("kind"),
    )
    spot = case((func.ST_Dimension(place.geom) == 0, place.geom), else_=func.ST_PointOnSurface(place.geom))
    near = (
        select(*attributes, place.geom, spot.label("spot"))
        .where(place.geom.op("&&")(box), *conditions(wanted))
        .cte("near")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    columns = [column for column in near.c if column.name not in {"geom", "spot"}]
    west, south, east, north = tile.bounds()
    pins = (
        select(*columns, _mvt(near.c.spot, tile, 0).label("geom"))
        .where(
            func.ST_X(near.c.spot) >= _degrees("west", west),
            func.ST_X(near.c.spot) < _degrees("east", east),
            func.ST_Y(near.c.spot) > _degrees("south", south),
            func.ST_Y(near.c.spot) <= _degrees("north", north),
        )
        .subquery("t")
    )
    areas = (
        select(*columns, _mvt(near.c.geom, tile, BUFFER).label("geom"))
        .where(near.c.kind != literal_column("'point'"))
        .subquery("t")
    )
    return select(
        _tile_of(areas, "areas", "id").scalar_subquery().op("||")(_tile_of(pins, "pins", "id").scalar_subquery())
    )


def layer_version(connection: Connection | Session, key: str) -> int | None:
    """Version of a layer, which is the entity tag of all its tiles; None if there is no such layer."""
    return connection.execute(select(layer.c.version).where(layer.c.key == key)).scalar_one_or_none()


def layer_tile(connection: Connection | Session, key: str, z: int, x: int, y: int) -> bytes:
    """The features of a layer in a tile, simplified to half a pixel of it; empty if the layer does not exist.

    The tile's layer is named by the key; attributes are the feature's properties and, as `label`, the one of them that
    the layer's style names; the id is the feature's.
    Raises ValueError for a tile that does not exist. Plan: Index Scan on ix_layer_feature_geom.
    """
    return bytes(connection.execute(_layer_statement(), Tile(z, x, y).values() | {"key": key}).scalar_one())


@cache
def _layer_statement() -> Select[Any]:
    tile = Tile(0, 0, 0)
    key = bindparam("key", type_=Text)
    shape = func.ST_SimplifyPreserveTopology(layer_feature.c.geom, bindparam("half_pixel", type_=Float))
    features = (
        select(
            layer_feature.c.id,
            layer_feature.c.properties,
            layer_feature.c.properties.op("->>")(layer.c.style.op("->>")(literal_column("'label'"))).label("label"),
            _mvt(shape, tile, BUFFER).label("geom"),
        )
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key, layer_feature.c.geom.op("&&")(_box(tile)))
        .subquery("t")
    )
    return _tile_of(features, key, "id")


def _tile_of(rows: Subquery, name: str | ColumnElement[str], feature_id: str | None = None) -> Select[Any]:
    """Encode rows, whose geometry is named `geom`, as one layer of a tile."""
    arguments: list[object] = [literal_column("t.*"), name, EXTENT, literal_column("'geom'")]
    if feature_id:
        arguments.append(literal(feature_id))
    return select(func.ST_AsMVT(*arguments)).select_from(rows)


def _mvt(shape: ColumnElement[object], tile: Tile, buffer: int) -> ColumnElement[object]:
    """A shape in the units of the tile; null where it is too small to be seen or outside."""
    return func.ST_AsMVTGeom(
        func.ST_Transform(shape, literal_column("3857")),
        func.ST_TileEnvelope(*(bindparam(name, getattr(tile, name), Integer) for name in ("z", "x", "y"))),
        EXTENT,
        buffer,
        literal_column("true"),
    )


def _box(tile: Tile) -> ColumnElement[object]:
    """The tile with its buffer, as a box in degrees."""
    sides = (_degrees(name, side) for name, side in tile.values().items() if name.startswith("box_"))
    return func.ST_MakeEnvelope(*sides, literal_column("4326"))


def _degrees(name: str, value: float) -> ColumnElement[float]:
    return bindparam(name, value, Float)


def _int(value: int) -> ColumnElement[int]:
    """A number that stands in the statement's text, so that PostgreSQL sees equal expressions as equal."""
    return literal(value, Integer, literal_execute=True)
