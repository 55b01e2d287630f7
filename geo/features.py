"""Places of cases and features of layers as GeoJSON (RFC 7946), for exports and open data; always bounded."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, cast
from sqlalchemy.types import BigInteger, Float, Text

from geo.filters import CaseFilter, conditions
from geo.tables import case_place, layer, layer_feature

LIMIT = 1000
DIGITS = 7  # about a centimetre

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


def case_features(
    connection: Connection | Session, wanted: CaseFilter, box: Box | None = None, after: int = 0, limit: int = LIMIT
) -> dict[str, Any]:
    """Places of cases that pass the filter, by id from `after` on, as a FeatureCollection; at most 1,000.

    `next` is the id to go on after, absent on the last page. No names, no answers: case id, status, state, dates.
    """
    place = case_place.c
    statement = (
        select(
            place.id,
            func.jsonb_build_object(
                *_pairs(
                    case_id=place.case_id,
                    procedure=place.procedure_key,
                    status=place.status,
                    state=place.state,
                    due=place.due_on,
                    starts_on=place.starts_on,
                    ends_on=place.ends_on,
                    area_m2=place.area_m2,
                    length_m=place.length_m,
                )
            ).label("properties"),
            _geojson(place.geom),
        )
        .where(*conditions(wanted))
        .order_by(place.id)
    )
    return _page(connection, statement, place.id, place.geom, box=box, after=after, limit=limit)


def layer_features(
    connection: Connection | Session, key: str, box: Box | None = None, after: int = 0, limit: int = LIMIT
) -> dict[str, Any]:
    """Features of a layer, by id from `after` on, as a FeatureCollection; at most 1,000. Empty if there is no layer."""
    feature = layer_feature.c
    statement = (
        select(feature.id, cast(feature.properties, JSONB).label("properties"), _geojson(feature.geom))
        .join(layer, layer.c.id == feature.layer_id)
        .where(layer.c.key == bindparam("key", key, Text))
        .order_by(feature.id)
    )
    return _page(connection, statement, feature.id, feature.geom, box=box, after=after, limit=limit)


def _page(
    connection: Connection | Session,
    statement: Any,
    identity: ColumnElement[int],
    geom: ColumnElement[Any],
    *,
    box: Box | None,
    after: int,
    limit: int,
) -> dict[str, Any]:
    size = max(1, min(limit, LIMIT))
    page = statement.where(identity > bindparam("after", after, BigInteger)).limit(size + 1)
    if box is not None:
        sides = (bindparam(name, side, Float) for name, side in zip(("w", "s", "e", "n"), box, strict=True))
        page = page.where(geom.op("&&")(func.ST_MakeEnvelope(*sides, literal_column("4326"))))
    rows = connection.execute(page).all()
    features = [
        {"type": "Feature", "id": row.id, "geometry": row.geometry, "properties": row.properties} for row in rows[:size]
    ]
    more = {"next": rows[size - 1].id} if len(rows) > size else {}
    return {"type": "FeatureCollection", "features": features} | more


def _geojson(geom: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.ST_AsGeoJSON(geom, DIGITS), JSONB).label("geometry")


def _pairs(**columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [part for name, column in columns.items() for part in (literal_column(f"'{name}'"), column)]
