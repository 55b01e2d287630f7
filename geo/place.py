"""What lies where a resident drew: measures, look-ups in map layers, map rules, and other permits in the way.

Each function is one round trip to the database. Shapes come in as GeoJSON geometries in longitude and latitude
(JGD2011, taken as EPSG:4326); metres are measured in the plane system of the city (Tokyo: EPSG:6677), never in
degrees and never on the web map, whose metres are a quarter too long in Tokyo.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from shapely import to_geojson
from shapely.validation import explain_validity
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import BigInteger, Date, Integer, Text, TypeEngine

from geo.shapes import JAPAN, Geometry, read_shape

PLANE_OF_TOKYO = 6677  # JGD2011 / Japan Plane Rectangular CS IX


class PlaceError(ValueError):
    """The shape cannot be measured: not GeoJSON, empty, crossing itself, or not in Japan.

    The text is for logs, not for people.
    """


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask a layer for a property of what lies at the place; the answer is called `name`."""

    layer: str
    property: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between the place and a layer.

    inside: nothing sticks out of the layer's features taken together · intersects: some part lies on one ·
    near: one is at most `within_m` metres away.
    """

    kind: Literal["inside", "intersects", "near"]
    layer: str
    within_m: float | None = None

    def __post_init__(self) -> None:
        if (self.kind == "near") != (self.within_m is not None):
            raise ValueError("a distance belongs to a rule of kind 'near', and only to it")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How a rule came out. Measures are m² for areas, m for lines, 0 or 1 for points."""

    rule: Rule
    ok: bool
    layer_known: bool  # False: the city has no such layer, so that nothing can be said of the place
    inside: float  # how much of the place lies on features of the layer
    outside: float  # how much does not
    distance_m: float | None  # to the nearest feature; None if the layer has none


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another place that overlaps in space and in time."""

    place_id: int
    case_id: int
    number: str
    status: str
    state: str
    starts_on: date | None
    ends_on: date | None
    overlap_m2: float  # 0 where lines or points meet
    overlap: dict[str, Any]  # GeoJSON of the shared part
    geometry: dict[str, Any]  # GeoJSON of the other place


def place_facts(
    connection: Connection | Session,
    geometry: Geometry,
    look_ups: Sequence[LookUp] = (),
    *,
    srid: int = PLANE_OF_TOKYO,
) -> dict[str, Any]:
    """Facts of a place: `area_m2`, `length_m` (of a line; the outline of an area), `lon`, `lat`, and each look-up.

    Measures are rounded to centimetres, so that a rectangle of 2 m × 5 m has 10 m², not 10.000000004. A look-up gives
    the value with the largest share of the place (touching is enough for points and when nothing overlaps); its name
    is absent when the layer has nothing there. Raises PlaceError.
    Plan: for each look-up, Index Scan on ix_layer_feature_geom.
    """
    asked = [asdict(look_up) for look_up in look_ups]
    row = _ask(connection, "place_facts", geometry=_geojson(geometry), srid=srid, look_ups=json.dumps(asked)).one()
    measures = {"area_m2": row.area_m2, "length_m": row.length_m, "lon": row.lon, "lat": row.lat}
    return measures | (row.found or {})


def check_rules(
    connection: Connection | Session,
    geometry: Geometry,
    rules: Sequence[Rule],
    *,
    srid: int = PLANE_OF_TOKYO,
) -> list[RuleResult]:
    """The rules' results, in the same order. A hundredth of a square metre (or of a metre) may stick out.

    A rule about a layer that the city does not have is not ok, and says so in `layer_known`. Raises PlaceError.
    """
    if not rules:
        return []
    asked = [{"n": n, "layer": rule.layer} for n, rule in enumerate(rules)]
    rows = _ask(connection, "place_rules", geometry=_geojson(geometry), srid=srid, rules=json.dumps(asked)).all()
    return [_judge(rule, row) for rule, row in zip(rules, rows, strict=True)]


def conflicts(
    connection: Connection | Session,
    geometry: Geometry,
    *,
    procedure_key: str,
    states: Sequence[str],
    starts_on: date | None,
    ends_on: date | None,
    exclude_case: int | None = None,
    srid: int = PLANE_OF_TOKYO,
    limit: int = 20,
) -> list[Conflict]:
    """Places of the same procedure, in one of the states, that overlap the shape during the period; largest first.

    Both days of a period are included; a missing day is an open end, on either side. Areas that only touch do not
    count. Raises PlaceError.
    Plan: Index Scan on ix_case_place_geom (a final state such as "approved" may belong to a closed case).
    """
    rows = _ask(
        connection,
        "place_conflicts",
        geometry=_geojson(geometry),
        srid=srid,
        procedure_key=procedure_key,
        states=list(states),
        starts_on=starts_on,
        ends_on=ends_on,
        exclude_case=exclude_case,
        limit=limit,
    )
    return [Conflict(**row) for row in rows.mappings()]


def _judge(rule: Rule, row: Any) -> RuleResult:
    if rule.kind == "inside":
        ok = row.inside > 0 and row.outside < 0.01
    elif rule.kind == "intersects":
        ok = row.inside > 0
    else:
        ok = row.distance_m is not None and row.distance_m <= (rule.within_m or 0)
    return RuleResult(rule, bool(ok and row.layer_known), row.layer_known, row.inside, row.outside, row.distance_m)


def _geojson(geometry: Geometry) -> str:
    """The shape as text that PostGIS can measure without an error, which would end the caller's transaction.

    A coordinate system named inside is ignored: places are always lon/lat.
    """
    try:
        shape = read_shape(geometry)
    except ValueError as error:
        raise PlaceError(str(error)) from error
    if shape.is_empty:
        raise PlaceError("the shape is empty")
    if not shape.is_valid:
        raise PlaceError(explain_validity(shape))
    if not JAPAN.contains(shape):
        raise PlaceError("the shape lies outside Japan")
    return str(to_geojson(shape))


def _ask(connection: Connection | Session, name: str, **values: object) -> Any:
    """Run one statement of geo/sql."""
    return connection.execute(_statement(name), values)


@cache
def _statement(name: str) -> TextClause:
    types: dict[str, TypeEngine[Any]] = {
        "srid": Integer(),
        "states": ARRAY(Text()),
        "starts_on": Date(),
        "ends_on": Date(),
        "exclude_case": BigInteger(),
    }
    sql = files("geo").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return text(sql).bindparams(*(bindparam(key, type_=kind) for key, kind in types.items() if f":{key}" in sql))
