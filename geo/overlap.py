"""Overlaps: features of a source that share ground and days with a drawn place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Double,
    Integer,
    Numeric,
    SQLColumnExpression,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, aggregate_order_by
from sqlalchemy.types import TypeEngine

from geo.source import OccupancySource

GEOJSON_DECIMALS = 7
"""Of the geometries in an answer: about a centimetre."""


@dataclass(frozen=True, slots=True)
class OverlapQuery:
    """Ask for features that overlap during a period: both days included, None is an open end on either side.

    `parameters` are the values of `OccupancySource.parameters`. Areas that only touch do not overlap.
    """

    starts_on: date | None
    ends_on: date | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Overlap:
    """A feature that overlaps. `area_m2` is of the `shared` part (GeoJSON), 0 where lines or points meet; `properties` are the source's."""

    feature_id: int
    properties: dict[str, Any]
    starts_on: date | None
    ends_on: date | None
    area_m2: float
    shared: dict[str, Any]
    geometry: dict[str, Any]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Overlap":
        """From an element of `overlap_column`."""
        days = {key: date.fromisoformat(record[key]) if record[key] else None for key in ("starts_on", "ends_on")}
        return cls(**{**record, **days})


def overlap_parameter(queries: Sequence[OverlapQuery]) -> str:
    """The value of the bind parameter `overlap_queries`."""
    rows = [
        {**query.parameters, "n": n, "starts_on": query.starts_on, "ends_on": query.ends_on, "max_rows": query.limit}
        for n, query in enumerate(queries)
    ]
    return json.dumps(rows, default=str)


def query_rows(source: OccupancySource) -> TableValuedAlias:
    """The queries in `overlap_queries` as rows: n, starts_on, ends_on, max_rows, and the source's parameters."""
    types: dict[str, TypeEngine[Any]] = {
        "n": Integer(),
        "starts_on": Date(),
        "ends_on": Date(),
        "max_rows": Integer(),
        **source.parameters,
    }
    columns = [column(name, type_) for name, type_ in types.items()]
    rows = func.jsonb_to_recordset(cast(bindparam("overlap_queries", type_=Text), JSONB)).table_valued(*columns)
    return rows.render_derived(name="query", with_types=True)


def is_queried(source: OccupancySource, query: TableValuedAlias) -> ColumnElement[bool]:
    """Whether a feature is one that a row of `query_rows` asks for, wherever it lies."""
    return and_(
        *source.features.where,
        source.matches(query.c),
        _period(source.starts_on, source.ends_on).overlaps(_period(query.c.starts_on, query.c.ends_on)),
    )


def overlap_column(place: CTE, source: OccupancySource) -> ColumnElement[Any]:
    """The overlaps of `place` (see `place_query.place_cte`) with every query as one JSON array, the largest of each query first.

    Plan: for each query, Index Scan on the GiST index of the source.
    """
    query = query_rows(source)
    features = source.features
    # A function in FROM is evaluated once for each row; an expression would be evaluated each time it is used.
    intersection = func.ST_Intersection(features.geom, place.c.geom).table_valued("geom")
    shared_row = intersection.render_derived(name="shared").lateral("shared")
    shared = shared_row.c.geom
    area = func.ST_Area(func.ST_Transform(shared, bindparam("srid", type_=Integer)))
    properties = [part for name, value in features.properties.items() for part in (literal(name), value)]
    overlap = (
        select(
            features.id.label("feature_id"),
            query.c.n.label("query"),
            func.jsonb_build_object(*properties).label("properties"),
            source.starts_on.label("starts_on"),
            source.ends_on.label("ends_on"),
            cast(func.round(cast(area, Numeric), 2), Double).label("area_m2"),
            cast(func.ST_AsGeoJSON(shared, GEOJSON_DECIMALS), JSONB).label("shared"),
            cast(func.ST_AsGeoJSON(features.geom, GEOJSON_DECIMALS), JSONB).label("geometry"),
        )
        .join_from(features.table, shared_row, true())
        .where(
            features.geom.ST_Intersects(place.c.geom),
            is_queried(source, query),
            # Two areas side by side share an edge, which harms nobody.
            or_(*(_dimension(shape) < 2 for shape in (features.geom, place.c.geom)), _dimension(shared) == 2),
        )
        .order_by(literal_column("area_m2").desc(), features.id)
        .limit(query.c.max_rows)
        .lateral("overlap")
    )
    order = (overlap.c.query, overlap.c.area_m2.desc(), overlap.c.feature_id)
    rows = select(func.jsonb_agg(aggregate_order_by(func.to_jsonb(overlap.table_valued()), *order)))
    return rows.select_from(place).join(query, true()).join(overlap, true()).scalar_subquery()


def _period(first: SQLColumnExpression[Any], last: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    return func.daterange(first, last, literal_column("'[]'"), type_=DATERANGE())


def _dimension(shape: ColumnElement[Any]) -> ColumnElement[int]:
    return func.ST_Dimension(shape)
