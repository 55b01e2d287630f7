"""Features that are asked for page by page and by conditions: those of a layer, or of a caller's own tables."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Float,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.catalogue import Entry
from geo.pyramid import BUFFER, Tile
from geo.reference_systems import ReferenceSystem
from geo.tables import layer_feature
from geo.tiles import encode, envelope, read_tile, tile_geometry

Kind = Literal["string", "number", "boolean", "date", "date-time", "geometry"]

GEOMETRY = "geometry"
"""What filters call the shape of a feature."""


@dataclass(frozen=True, slots=True, eq=False)
class Queryable:
    """A value of a feature by which it can be asked for; SQL NULL where a feature has none."""

    kind: Kind
    value: ColumnElement[Any]


@dataclass(frozen=True, slots=True, eq=False)
class FeatureSource:
    """Features of `table` for which `where` holds.

    `geom` holds longitude and latitude; `document` is the JSON object of what is told of a feature, as text; `finish` makes the text that
    is given out of it, where the database cannot (it opens seals). A feature lasts from `since`
    to `until`, moments that may be SQL NULL for an open end; a source without `since` says nothing of time.
    """

    table: Any
    id: ColumnElement[int]
    geom: ColumnElement[Any]
    document: ColumnElement[str]
    queryables: Mapping[str, Queryable]
    where: Sequence[ColumnElement[bool]]
    since: ColumnElement[datetime] | None = None
    until: ColumnElement[datetime] | None = None
    finish: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class EncodedFeature:
    """A feature: its id, which it keeps, and its shape and properties as JSON text."""

    id: int
    geometry: str
    properties: str


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` features in the order of their ids: the first after `after`, or the last before `before`."""

    limit: int
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Features of a window; whether there are others before and after them."""

    features: Sequence[EncodedFeature]
    more_before: bool
    more_after: bool


def layer_source(entry: Entry, hidden: Collection[str] = ()) -> FeatureSource:
    """The features of a layer as they are now. Its columns can be asked for by the type that its newest version found in them, those that
    are `hidden` neither asked for nor given out.
    """
    properties = layer_feature.c.properties
    told = properties.op("-", return_type=properties.type)(literal(list(hidden), ARRAY(Text))) if hidden else properties
    return FeatureSource(
        table=layer_feature,
        id=layer_feature.c.id,
        geom=layer_feature.c.geom,
        document=cast(told, Text),
        queryables={
            name: _queryable(properties[name], kind) for name, kind in entry.columns.items() if name not in hidden
        },
        where=(layer_feature.c.layer_id == entry.id,),
    )


def _queryable(value: Any, kind: str) -> Queryable:
    """A JSON value with a type in SQL; one of another type, which a column may have in single features, is as good as none."""
    text = value.astext
    if kind == "number":
        return Queryable("number", case((func.jsonb_typeof(value) == "number", cast(text, Float))))
    if kind == "boolean":
        return Queryable("boolean", case((func.jsonb_typeof(value) == "boolean", cast(text, Boolean))))
    return Queryable("string", text)


def feature_page(
    connection: Connection | Session,
    source: FeatureSource,
    conditions: Iterable[ColumnElement[bool]],
    window: Window,
    system: ReferenceSystem,
) -> FeaturePage:
    """A page of the features that fulfil all conditions, their shapes in a reference system."""
    query = _found(source, system).where(*conditions)
    backwards = window.before is not None
    if window.after is not None:
        query = query.where(source.id > window.after)
    if window.before is not None:
        query = query.where(source.id < window.before)
    ordered = query.order_by(source.id.desc() if backwards else source.id).limit(window.limit + 1)
    rows = [_feature(source, row) for row in connection.execute(ordered)]
    more, features = len(rows) > window.limit, rows[: window.limit]
    if backwards:
        return FeaturePage(features[::-1], more_before=more, more_after=True)
    return FeaturePage(features, more_before=window.after is not None, more_after=more)


def count_features(
    connection: Connection | Session, source: FeatureSource, conditions: Iterable[ColumnElement[bool]]
) -> int:
    """The number of features that fulfil all conditions."""
    query = select(func.count()).select_from(source.table).where(*source.where, *conditions)
    return int(connection.execute(query).scalar_one())


def feature(
    connection: Connection | Session, source: FeatureSource, feature_id: int, system: ReferenceSystem
) -> EncodedFeature | None:
    """One feature by its id; None if there is none."""
    row = connection.execute(_found(source, system).where(source.id == feature_id)).one_or_none()
    return None if row is None else _feature(source, row)


def every_feature(
    connection: Connection | Session,
    source: FeatureSource,
    conditions: Sequence[ColumnElement[bool]],
    system: ReferenceSystem,
    *,
    batch: int = 1000,
) -> Iterator[EncodedFeature]:
    """Every feature that fulfils all conditions, by their ids; so many are read at a time."""
    window: Window | None = Window(batch)
    while window:
        page = feature_page(connection, source, conditions, window, system)
        yield from page.features
        window = Window(batch, after=page.features[-1].id) if page.more_after else None


def bounds_of_source(
    connection: Connection | Session, source: FeatureSource
) -> tuple[float, float, float, float] | None:
    """West, south, east and north of all features, in degrees; None without features."""
    extent = func.ST_Extent(source.geom)
    corners = (func.ST_XMin(extent), func.ST_YMin(extent), func.ST_XMax(extent), func.ST_YMax(extent))
    row = connection.execute(select(*corners).select_from(source.table).where(*source.where)).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


def source_tile(connection: Connection | Session, source: FeatureSource, name: str, tile: Tile) -> bytes:
    """The features of a source in a tile, as one layer of that name; their properties are what they can be asked for by.

    One that would be smaller than four pixels is a point, so that it is seen at all.
    """
    half_pixel = tile.parameters()["half_pixel"]
    along = ((func.ST_XMax, func.ST_XMin), (func.ST_YMax, func.ST_YMin))
    side = func.greatest(*(most(source.geom) - least(source.geom) for most, least in along))
    shape = case(
        (side < 8 * half_pixel, func.ST_PointOnSurface(source.geom)),
        else_=func.ST_SimplifyPreserveTopology(source.geom, half_pixel),
    )
    features = (
        select(
            source.id.label("id"),
            *(_in_tile(known).label(label) for label, known in source.queryables.items()),
            tile_geometry(shape, BUFFER).label("geom"),
        )
        .select_from(source.table)
        .where(func.ST_Intersects(source.geom, envelope()), *source.where)
        .subquery("t")
    )
    return read_tile(connection, encode(features, literal(name), "id"), tile, {})


def _in_tile(known: Queryable) -> ColumnElement[Any]:
    return cast(known.value, Text) if known.kind in {"date", "date-time"} else known.value


def lasting(source: FeatureSource, first: datetime | None, last: datetime | None) -> ColumnElement[bool]:
    """The condition that a feature lasts at some moment from `first` to `last` (None for an open end).

    Features of a source that says nothing of time fulfil it (OGC API Features 1.0, 7.15.4: those without a time are not left out).
    """
    conditions: list[ColumnElement[bool]] = []
    if source.since is not None and last is not None:
        conditions.append(or_(source.since.is_(None), source.since <= last))
    if source.until is not None and first is not None:
        conditions.append(or_(source.until.is_(None), source.until >= first))
    return and_(True, *conditions)


def _feature(source: FeatureSource, row: Row[int, str, str]) -> EncodedFeature:
    number, shape, document = row
    return EncodedFeature(number, shape, source.finish(document))


def _found(source: FeatureSource, system: ReferenceSystem) -> Select[int, str, str]:
    shown = (source.id, system.given_out(source.geom), source.document)
    return select(*shown).select_from(source.table).where(*source.where)
