"""Features of a caller's own source near a point, or in the order of their ids, as lists that everybody may read show them."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, cast, func, null, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from common.geometry import Position
from geo.feature_source import FeatureSource
from geo.near import PlacedFeature


def source_near(
    connection: Connection | Session,
    source: FeatureSource,
    key: str,
    position: Position | None,
    *,
    srid: int,
    most: int,
) -> list[PlacedFeature]:
    """The features of a source that are nearest to a point, the nearest first, in metres of the plane system `srid`; without a point the
    newest. At most so many. What a source shows may be computed of each feature, so every one of it is measured.
    """
    query = _features(source, position, srid).limit(most)
    order: Any = source.id.desc() if position is None else "metres"
    rows = connection.execute(query.order_by(order, source.id)).mappings()
    return [
        PlacedFeature(
            **{name: row[name] for name in _PLACED}, key=key, properties=json.loads(source.finish(row["document"]))
        )
        for row in rows
    ]


def source_feature(
    connection: Connection | Session, source: FeatureSource, key: str, feature_id: int
) -> tuple[PlacedFeature, dict[str, Any]] | None:
    """A feature of a source and its shape as GeoJSON; None if the source does not have it."""
    shape: ColumnElement[Any] = cast(func.ST_AsGeoJSON(source.geom, 7), JSON).label("shape")
    query = _features(source, None, 0).add_columns(shape).where(source.id == feature_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    placed = {name: row[name] for name in _PLACED}
    return PlacedFeature(**placed, key=key, properties=json.loads(source.finish(row["document"]))), row["shape"]


_PLACED = ("id", "lon", "lat", "metres", "azimuth")


def _features(source: FeatureSource, position: Position | None, srid: int) -> Any:
    on_it = func.ST_PointOnSurface(source.geom)
    metres: ColumnElement[Any] = null()
    azimuth: ColumnElement[Any] = null()
    if position is not None:
        place = func.ST_Transform(func.ST_SetSRID(func.ST_MakePoint(*position), 4326), srid)
        flat = func.ST_Transform(source.geom, srid)
        metres = func.ST_Distance(flat, place)
        azimuth = case((metres > 0, func.degrees(func.ST_Azimuth(place, func.ST_ClosestPoint(flat, place)))))
    return (
        select(
            source.id.label("id"),
            func.ST_X(on_it).label("lon"),
            func.ST_Y(on_it).label("lat"),
            metres.label("metres"),
            azimuth.label("azimuth"),
            source.document.label("document"),
        )
        .select_from(source.table)
        .where(*source.where, source.geom.is_not(None))
    )
