"""Queries about a drawn place: its measures, attributes of map layers, rules about layers, and overlaps with features of a source.

A place is a GeoJSON geometry in longitude and latitude (JGD2011, taken as EPSG:4326). Metres are measured in the plane system of the
city (`common.plane`), never in degrees and never on the web map, whose metres are a quarter too long in Tokyo.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from shapely import to_geojson
from sqlalchemy import CTE, Connection, Double, Integer, Select, Text, bindparam, func, null, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from common.geometry import MAX_VERTICES, GeoJson, GeometryError, parse, require_measurable
from geo.address_ranges import value_by_law
from geo.layer_rules import (
    CONTACT_M,
    LayerFinding,
    LayerLookup,
    LayerRule,
    LayerRuleResult,
    by_law,
    judged,
    looked_up,
    measurement,
)
from geo.overlap import Overlap, OverlapQuery, overlap_column, overlap_parameter
from geo.place_names import PLACE_NAMES
from geo.source import OccupancySource


class PlaceError(ValueError):
    """The geometry cannot be measured: not GeoJSON, empty, crossing itself, or not in Japan.

    The text is for logs, not for people.
    """


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """The answers about a place.

    `facts` are `area_m2`, `length_m` (of a line; of an area its outline), `lon`, `lat`, and each look-up that found something;
    `lookups` are all of them by name. `rules` and `overlaps` are in the order of the queries, the largest overlap first. `locality` is
    the 丁目 or town whose centre is nearest, within 1.5 km: a label for people, not an address. `layer_versions` are the versions of the
    layers that answered, by their keys.
    """

    facts: dict[str, Any]
    lookups: dict[str, LayerFinding]
    rules: list[LayerRuleResult]
    overlaps: list[list[Overlap]]
    locality: str | None
    layer_versions: dict[str, int]


def query_place(
    connection: Connection | Session,
    geometry: GeoJson,
    *,
    srid: int,
    lookups: Sequence[LayerLookup] = (),
    rules: Sequence[LayerRule] = (),
    overlaps: Sequence[OverlapQuery] = (),
    occupancy: OccupancySource | None = None,
    with_locality: bool = False,
) -> PlaceResult:
    """Answer every query about a place in one statement. `srid` is the plane system; `overlaps` are asked of `occupancy`.

    Measures are rounded to centimetres, so that a rectangle of 2 m × 5 m has 10 m², not 10.000000004. For the value with the largest
    share touching is enough for points and when nothing overlaps. A look-up by the text of a law takes a statement more. Raises PlaceError.
    Plan: for each look-up and rule, Index Scan on ix_layer_feature_geom; for overlaps, Index Scan on the GiST index of the source.
    """
    queries: list[LayerLookup | LayerRule] = [*lookups, *rules]
    row = connection.execute(
        _statement(occupancy, frozenset(measurement(query)["measure"] for query in queries), named=with_locality),
        {
            "geometry": measurable_geojson(geometry),
            "srid": srid,
            "measurements": json.dumps(
                [{"n": n, **measurement(query)} for n, query in enumerate(queries)], default=str
            ),
            "contact_m": CONTACT_M,
            "overlap_queries": overlap_parameter(overlaps),
            "locality_layer": PLACE_NAMES,
        },
    ).one()
    measures = {"area_m2": row.area_m2, "length_m": row.length_m, "lon": row.lon, "lat": row.lat}
    by_query: list[list[Overlap]] = [[] for _ in overlaps]
    for record in row.overlaps or ():
        query = record.pop("query")
        by_query[query].append(Overlap.from_record(record))
    measured = row.measurements or []
    findings = {
        lookup.name: _by_law(connection, lookup, part) or looked_up(lookup, part)
        for lookup, part in zip(lookups, measured, strict=False)
    }
    return PlaceResult(
        facts=measures | {name: finding.value for name, finding in findings.items() if finding.value is not None},
        lookups=findings,
        rules=[judged(rule, part) for rule, part in zip(rules, measured[len(lookups) :], strict=True)],
        overlaps=by_query,
        locality=row.locality,
        layer_versions={
            query.layer: part["version"] for query, part in zip(queries, measured, strict=True) if part["layer_exists"]
        },
    )


def measurable_geojson(geometry: GeoJson) -> str:
    """The geometry as text that PostGIS can measure without an error, which would end the caller's transaction. Raises PlaceError.

    A coordinate system named inside is ignored: places are always lon/lat.
    """
    try:
        return str(to_geojson(require_measurable(parse(geometry, max_positions=MAX_VERTICES + 1))))
    except GeometryError as error:
        raise PlaceError(error.code) from error


def place_cte() -> CTE:
    """One row for the bound `geometry`: `geom`, the same in the plane system (`flat`), and its `dimension`."""
    lonlat = func.ST_SetSRID(func.ST_Force2D(func.ST_GeomFromGeoJSON(bindparam("geometry", type_=Text))), 4326)
    drawn = select(lonlat.label("geom")).subquery("drawn")
    flat = func.ST_Transform(drawn.c.geom, bindparam("srid", type_=Integer))
    place = select(drawn.c.geom, flat.label("flat"), func.ST_Dimension(drawn.c.geom).label("dimension")).cte("place")
    return place.prefix_with("MATERIALIZED", dialect="postgresql")


@lru_cache(maxsize=200)
def _statement(occupancy: OccupancySource | None, measures: frozenset[str], *, named: bool) -> Select[Any]:
    """Only what is asked for: each part costs a tenth of a millisecond where it gives nothing, and may keep a plan from being used again."""
    place = place_cte()
    sql = _sql("place.sql").replace("{measurements}", _measurements(measures) if measures else "NULL")
    sql = sql.replace("{locality}", _sql("locality.sql") if named else "NULL")
    types: dict[str, TypeEngine[Any]] = {"srid": Integer(), "locality_layer": Text(), "contact_m": Double()}
    sizes: dict[str, Double[float]] = {name: Double() for name in ("area_m2", "length_m", "lon", "lat")}
    facts = (
        text(sql)
        .bindparams(*(bindparam(name, type_=kind) for name, kind in types.items() if f":{name}" in sql))
        .columns(**sizes, measurements=JSONB(), locality=Text())
        .subquery("facts")
    )
    overlaps = null() if occupancy is None else overlap_column(place, occupancy)
    return select(facts, overlaps.label("overlaps")).add_cte(place)


def _measurements(measures: frozenset[str]) -> str:
    files_of = {
        "ground": ("ground", "run"),
        **{name: (name,) for name in ("values", "nearest", "count", "covers", "touches")},
    }
    branches = [
        f"WHEN asked.measure IN ({', '.join(map(repr, named))}) THEN (\n{_sql('measurements', f'{name}.sql')})"
        for name, named in files_of.items()
        if not measures.isdisjoint(named)
    ]
    bound = _sql("measurements", "nearest_bound.sql") if "nearest" in measures else "SELECT NULL::double precision AS m"
    sql = (
        _sql("measurements", "measurements.sql").replace("{branches}", "\n".join(branches)).replace("{nearest}", bound)
    )
    return sql.replace("{selected}", _sql("measurements", "selected.sql"))


def _by_law(connection: Connection | Session, lookup: LayerLookup, measured: Mapping[str, Any]) -> LayerFinding | None:
    if lookup.law is None or lookup.property is None:
        return None
    listed = value_by_law(connection, lookup.layer, lookup.law.property, lookup.property, lookup.law.address)
    return by_law(lookup, measured, *listed) if listed else None


def _sql(*path: str) -> str:
    return files("geo").joinpath("sql", *path).read_text(encoding="utf-8")
