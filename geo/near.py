"""Features of several layers for lists that everybody may read: those near a point, those around it, one by its id, and their names.

Columns that are hidden from everybody are never read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Integer,
    Select,
    TextualSelect,
    bindparam,
    case,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from common.geometry import Position
from geo.layers import told
from geo.tables import layer, layer_feature


@dataclass(frozen=True, slots=True)
class PlacedFeature:
    """A feature of the layer `key` with a point on it; near a place with the distance, and the direction in degrees from the north.

    Without a direction the place lies in it.
    """

    id: int
    key: str
    properties: Mapping[str, Any]
    lon: float
    lat: float
    metres: float | None = None
    azimuth: float | None = None


def features_near(
    connection: Connection | Session, layers: Sequence[int], position: Position, *, srid: int, most: int
) -> list[PlacedFeature]:
    """The nearest features of these layers (by id) in one statement, the nearest first; metres in the plane system `srid`."""
    if not layers:
        return []
    lon, lat = position
    named = {"layers": list(layers), "lon": lon, "lat": lat, "srid": srid, "most": most}
    return [PlacedFeature(**row) for row in connection.execute(_near(), named).mappings()]


def features_around(connection: Connection | Session, layers: Sequence[int], position: Position) -> list[PlacedFeature]:
    """The features of these layers in which a point lies, in the order of the layers. Plan: Index Scan on ix_layer_feature_geom."""
    if not layers:
        return []
    point = func.ST_SetSRID(func.ST_MakePoint(*position), 4326)
    query = (
        _features(layers).where(layer_feature.c.geom.ST_Intersects(point)).order_by(layer.c.sort, layer_feature.c.id)
    )
    return [PlacedFeature(**row) for row in connection.execute(query).mappings()]


def features_in_order(connection: Connection | Session, layers: Sequence[int], *, most: int) -> list[PlacedFeature]:
    """The features of these layers in the order of the layers and of their own ids; at most so many."""
    if not layers:
        return []
    query = _features(layers).order_by(layer.c.sort, layer.c.id, layer_feature.c.id).limit(most)
    return [PlacedFeature(**row) for row in connection.execute(query).mappings()]


def feature_with_shape(
    connection: Connection | Session, layer_id: int, feature_id: int
) -> tuple[PlacedFeature, Mapping[str, Any]] | None:
    """A feature of a layer and its shape as GeoJSON; None if there is none."""
    shape: ColumnElement[Any] = cast(func.ST_AsGeoJSON(layer_feature.c.geom, 7), JSON).label("shape")
    query = _features([layer_id]).add_columns(shape).where(layer_feature.c.id == feature_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    values = dict(row)
    return PlacedFeature(**{name: value for name, value in values.items() if name != "shape"}), values["shape"]


def names_of(
    connection: Connection | Session, columns: Mapping[int, Sequence[str]], *, most: int
) -> list[tuple[int, int, dict[str, Any]]]:
    """Layer and id of the features of layers that have a name, with what they say in the columns of names and readings, of which the first is
    that of the name; `columns` are those by the id of the layer. At most so many.
    """
    if not columns:
        return []
    properties = told(layer_feature.c.properties).element
    is_of = {key: layer_feature.c.layer_id == key for key in columns}
    name = case(*((is_of[key], properties[names[0]].astext) for key, names in columns.items()))
    named = case(*((is_of[key], _object_of(properties, names)) for key, names in columns.items()))
    query = (
        select(layer_feature.c.layer_id, layer_feature.c.id, named)
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer_feature.c.layer_id.in_(list(columns)), name.is_not(None))
        .order_by(layer.c.sort, layer_feature.c.id)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _object_of(properties: ColumnElement[Any], names: Sequence[str]) -> ColumnElement[Any]:
    pairs = (part for name in names for part in (name, properties[name]))
    return func.jsonb_build_object(*pairs, type_=JSONB)


def _features(layers: Sequence[int]) -> Select[Any]:
    point = func.ST_PointOnSurface(layer_feature.c.geom)
    return (
        select(
            layer_feature.c.id,
            layer.c.key,
            told(layer_feature.c.properties),
            func.ST_X(point).label("lon"),
            func.ST_Y(point).label("lat"),
        )
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer_feature.c.layer_id.in_(list(layers)))
    )


@cache
def _near() -> TextualSelect:
    sql = files("geo").joinpath("sql", "near.sql").read_text(encoding="utf-8")
    kinds: dict[str, TypeEngine[Any]] = {
        "layers": ARRAY(BigInteger),
        "lon": Double(),
        "lat": Double(),
        "srid": Integer(),
        "most": Integer(),
    }
    return (
        text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items())).columns(properties=JSONB())
    )
