"""Queries about a drawn place: its measures, attributes of map layers, rules about layers, and overlaps with features of a source.

A place is a GeoJSON geometry in longitude and latitude (JGD2011, taken as EPSG:4326). Metres are measured in the plane system of the
city (`common.plane`), never in degrees and never on the web map, whose metres are a quarter too long in Tokyo.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from shapely import to_geojson
from sqlalchemy import CTE, Connection, Double, Integer, Select, Text, bindparam, func, null, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from common.geometry import MAX_VERTICES, GeoJson, GeometryError, parse, require_measurable
from geo.overlap import Overlap, OverlapQuery, overlap_column, overlap_parameter
from geo.place_names import PLACE_NAMES
from geo.source import OccupancySource


class PlaceError(ValueError):
    """The geometry cannot be measured: not GeoJSON, empty, crossing itself, or not in Japan.

    The text is for logs, not for people.
    """


@dataclass(frozen=True, slots=True)
class LayerLookup:
    """Read a property of the features of a layer at the place; the fact is called `name`."""

    layer: str
    property: str
    name: str


@dataclass(frozen=True, slots=True)
class LayerRule:
    """A relation that must hold between the place and the features of a layer.

    inside: nothing of the place lies outside the features taken together · intersects: some part lies on one.
    """

    kind: Literal["inside", "intersects"]
    layer: str


@dataclass(frozen=True, slots=True)
class LayerRuleResult:
    """Whether a rule holds. `inside` is how much of the place lies on the layer, `outside` how much does not.

    Measures are m² for areas, m for lines, 0 or 1 for points. A rule about a layer that does not exist (`layer_exists`) does not hold.
    """

    rule: LayerRule
    holds: bool
    layer_exists: bool
    inside: float
    outside: float


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """The answers about a place.

    `facts` are `area_m2`, `length_m` (of a line; of an area its outline), `lon`, `lat`, and each look-up that found something. `rules`
    and `overlaps` are in the order of the queries, the largest overlap first. `locality` is the 丁目 or town whose centre is nearest,
    within 1.5 km: a label for people, not an address. `layer_versions` are the versions of the layers that answered, by their keys.
    """

    facts: dict[str, Any]
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

    Measures are rounded to centimetres, so that a rectangle of 2 m × 5 m has 10 m², not 10.000000004. A look-up gives the value with
    the largest share of the place (touching is enough for points and when nothing overlaps); its name is absent when the layer has
    nothing there. Of a rule, a hundredth of a square metre (or of a metre) may lie outside. Raises PlaceError.
    Plan: for each look-up and rule, Index Scan on ix_layer_feature_geom; for overlaps, Index Scan on the GiST index of the source.
    """
    row = connection.execute(
        _statement(occupancy),
        {
            "geometry": measurable_geojson(geometry),
            "srid": srid,
            "lookups": json.dumps([asdict(lookup) for lookup in lookups]),
            "rules": json.dumps([{"n": n, "layer": rule.layer} for n, rule in enumerate(rules)]),
            "overlap_queries": overlap_parameter(overlaps),
            "locality_layer": PLACE_NAMES if with_locality else None,
        },
    ).one()
    measures = {"area_m2": row.area_m2, "length_m": row.length_m, "lon": row.lon, "lat": row.lat}
    by_query: list[list[Overlap]] = [[] for _ in overlaps]
    for record in row.overlaps or ():
        query = record.pop("query")
        by_query[query].append(Overlap.from_record(record))
    return PlaceResult(
        facts=measures | (row.lookups or {}),
        rules=[_result(rule, **measured) for rule, measured in zip(rules, row.rules or (), strict=True)],
        overlaps=by_query,
        locality=row.locality,
        layer_versions=row.layer_versions or {},
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


def _result(rule: LayerRule, layer_exists: bool, inside: float, outside: float) -> LayerRuleResult:
    holds = inside > 0 and (rule.kind == "intersects" or outside < 0.01)
    return LayerRuleResult(rule, holds and layer_exists, layer_exists, inside, outside)


@lru_cache(maxsize=20)
def _statement(occupancy: OccupancySource | None) -> Select[Any]:
    place = place_cte()
    sql = files("geo").joinpath("sql", "place.sql").read_text(encoding="utf-8")
    measures: dict[str, Double[float]] = {name: Double() for name in ("area_m2", "length_m", "lon", "lat")}
    facts = (
        text(sql)
        .bindparams(bindparam("srid", type_=Integer), bindparam("locality_layer", type_=Text))
        .columns(**measures, lookups=JSONB(), rules=JSONB(), layer_versions=JSONB(), locality=Text())
        .subquery("facts")
    )
    overlaps = null() if occupancy is None else overlap_column(place, occupancy)
    return select(facts, overlaps.label("overlaps")).add_cte(place)
