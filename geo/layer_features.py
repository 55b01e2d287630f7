"""All features of a layer at once, for lists to choose from: their properties and where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, cast, func, select
from sqlalchemy.orm import Session

from geo.tables import layer, layer_feature


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature's properties, and a point on it in longitude and latitude."""

    properties: Mapping[str, Any]
    lon: float
    lat: float


def public_version(connection: Connection | Session, key: str) -> int | None:
    """The version of a layer that residents may see; None if there is none."""
    query = select(layer.c.version).where(layer.c.key == key, layer.c.visible_to == "public")
    return connection.execute(query).scalar_one_or_none()


def feature_shape(key: ColumnElement[str], feature_id: ColumnElement[int]) -> ColumnElement[Any]:
    """The shape of a feature of a layer in use, as an expression for the statements of others; NULL if there is none."""
    query = select(layer_feature.c.geom).join(layer, layer.c.id == layer_feature.c.layer_id)
    query = query.where(layer.c.key == key, layer.c.in_use, layer_feature.c.id == feature_id)
    return query.scalar_subquery()


@dataclass(frozen=True, slots=True)
class FeatureOutline:
    """A feature as a ground for others: its properties, and of how many points its shape is made."""

    properties: Mapping[str, Any]
    points: int


def feature_outline(connection: Connection | Session, key: str, feature_id: int) -> FeatureOutline | None:
    """A feature of a layer in use; None if there is none."""
    query = select(layer_feature.c.properties, func.ST_NPoints(layer_feature.c.geom))
    query = query.join(layer, layer.c.id == layer_feature.c.layer_id)
    row = connection.execute(query.where(layer.c.key == key, layer.c.in_use, layer_feature.c.id == feature_id)).first()
    return None if row is None else FeatureOutline(*row)


def feature_geometry(connection: Connection | Session, key: str, feature_id: int) -> dict[str, Any] | None:
    """The shape of a feature of a layer in use, as GeoJSON in degrees of 7 decimals; None if there is none."""
    query = select(cast(func.ST_AsGeoJSON(layer_feature.c.geom, 7), JSON)).join(
        layer, layer.c.id == layer_feature.c.layer_id
    )
    query = query.where(layer.c.key == key, layer.c.in_use, layer_feature.c.id == feature_id)
    geometry: dict[str, Any] | None = connection.scalar(query)
    return geometry


def name_of(properties: Mapping[str, Any]) -> str:
    """What a feature is called: its `name`, else the first of its properties that is a text; empty without one."""
    texts = [value for value in (properties.get("name"), *properties.values()) if isinstance(value, str) and value]
    return texts[0] if texts else ""


def features_of(connection: Connection | Session, key: str, limit: int) -> Sequence[Feature]:
    """The features of a layer, in the order in which they were loaded; at most so many."""
    point = func.ST_PointOnSurface(layer_feature.c.geom)
    query = (
        select(layer_feature.c.properties, func.ST_X(point), func.ST_Y(point))
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key)
        .order_by(layer_feature.c.id)
        .limit(limit)
    )
    return [Feature(*row) for row in connection.execute(query)]


def shapes_of(
    connection: Connection | Session, key: str, limit: int
) -> Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The properties and the shape, as GeoJSON, of each feature of a layer; nothing for a layer of more than so many."""
    query = (
        select(layer_feature.c.properties, cast(func.ST_AsGeoJSON(layer_feature.c.geom, 7), JSON))
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key)
        .order_by(layer_feature.c.id)
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    return [(properties, shape) for properties, shape in rows] if len(rows) <= limit else []


def bounds_of(connection: Connection | Session, key: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the features of a layer, in degrees; None without features."""
    box = func.ST_Extent(layer_feature.c.geom)
    corners = (func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))
    query = select(*corners).join(layer, layer.c.id == layer_feature.c.layer_id).where(layer.c.key == key)
    west, south, east, north = connection.execute(query).one()
    return None if west is None else (west, south, east, north)
