"""Vector tiles (Mapbox Vector Tile 2.1), made by PostGIS: every feature of a source as a pin, with its shape.

Nothing is ever dropped to keep a tile small: where there are too many features to show, they are counted (`geo.clusters`).
"""

from collections.abc import Mapping
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
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, case

from geo.pyramid import BUFFER, EXTENT, Tile
from geo.source import Source


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


def feature_tile(source: Source, most: int | None = None) -> Select[Any]:
    """The statement for tiles with every feature: layer `pins`, one point a feature, in exactly one tile; layer `areas`, lines and polygons.

    Properties are the source's and `kind` (point | line | area); the id is the feature's. Where there are more than `most` features, it gives
    NULL in place of a tile; to know that, one more is read than may be shown.
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
        .limit(None if most is None else constant(most + 1))
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
    features = encode(areas, "areas", "id").scalar_subquery().concat(encode(pins, "pins", "id").scalar_subquery())
    if most is None:
        return select(features)
    read = select(func.count()).select_from(near).scalar_subquery()
    return select(case((read <= constant(most), features)))


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


def constant(value: int) -> ColumnElement[int]:
    """A number written into the text of a statement, so that PostgreSQL sees equal expressions as equal and plans with it."""
    return literal_column(str(value), Integer)


def _degrees(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)
