"""What lies where a resident drew: measures, look-ups in map layers, map rules, and other permits in the way.

Shapes come in as GeoJSON geometries in longitude and latitude
(JGD2011, taken as EPSG:4326); metres are measured in the plane system of the city (`common.plane`), never in degrees
and never on the web map, whose metres are a quarter too long in Tokyo.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from shapely import to_geojson
from sqlalchemy import Connection, Integer, Text, bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from common.geometry import MAX_VERTICES, GeoJson, GeometryFault, parse, sound

NAMES = "place-names"  # the layer of towns, 丁目, stations and facilities


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

    inside: nothing sticks out of the layer's features taken together · intersects: some part lies on one.
    """

    kind: Literal["inside", "intersects"]
    layer: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How a rule came out. Measures are m² for areas, m for lines, 0 or 1 for points."""

    rule: Rule
    ok: bool
    layer_known: bool  # False: the city has no such layer, so that nothing can be said of the place
    inside: float  # how much of the place lies on features of the layer
    outside: float  # how much does not


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


@dataclass(frozen=True, slots=True)
class ClearOf:
    """Ask for other places of a procedure, in one of the states, that overlap during a period.

    Both days of a period are included; a missing day is an open end, on either side. Areas that only touch do not count.
    """

    procedure_key: str
    states: Sequence[str]
    starts_on: date | None
    ends_on: date | None
    exclude_case: int | None = None
    most: int = 20


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What was asked about a place."""

    facts: dict[str, Any]  # `area_m2`, `length_m` (of a line; the outline of an area), `lon`, `lat`, and each look-up
    rules: list[RuleResult]  # in the order of the rules
    conflicts: list[list[Conflict]]  # for each `ClearOf`, the largest overlap first
    near: str | None  # the 丁目 or town whose centre is nearest, within 1.5 km: a label for people, not an address


def ask_place(
    connection: Connection | Session,
    geometry: GeoJson,
    *,
    look_ups: Sequence[LookUp] = (),
    rules: Sequence[Rule] = (),
    clear_of: Sequence[ClearOf] = (),
    named: bool = False,
    srid: int,
) -> PlaceAnswer:
    """Everything that is to be known of a place, in one statement.

    Measures are rounded to centimetres, so that a rectangle of 2 m × 5 m has 10 m², not 10.000000004. A look-up gives
    the value with the largest share of the place (touching is enough for points and when nothing overlaps); its name
    is absent when the layer has nothing there. Of a rule, a hundredth of a square metre (or of a metre) may stick out;
    a rule about a layer that the city does not have is not ok, and says so in `layer_known`. `srid` is the city's plane
    system. Raises PlaceError.
    Plan: for each look-up and rule, Index Scan on ix_layer_feature_geom; for others, Index Scan on ix_case_place_geom
    (a final state such as "approved" may belong to a closed case).
    """
    row = connection.execute(
        _statement(),
        {
            "geometry": measurable(geometry),
            "srid": srid,
            "look_ups": json.dumps([asdict(one) for one in look_ups]),
            "rules": json.dumps([{"n": n, "layer": one.layer} for n, one in enumerate(rules)]),
            "others": json.dumps([asdict(one) | {"n": n} for n, one in enumerate(clear_of)], default=str),
            "names": NAMES if named else None,
        },
    ).one()
    measures = {"area_m2": row.area_m2, "length_m": row.length_m, "lon": row.lon, "lat": row.lat}
    others: list[list[Conflict]] = [[] for _ in clear_of]
    for found in row.conflicts or ():
        others[found.pop("n")].append(_conflict(found))
    return PlaceAnswer(
        facts=measures | (row.found or {}),
        rules=[_judge(rule, **measured) for rule, measured in zip(rules, row.rules or (), strict=True)],
        conflicts=others,
        near=row.near,
    )


def _judge(rule: Rule, layer_known: bool, inside: float, outside: float) -> RuleResult:
    ok = inside > 0 and (rule.kind == "intersects" or outside < 0.01)
    return RuleResult(rule, ok and layer_known, layer_known, inside, outside)


def _conflict(found: dict[str, Any]) -> Conflict:
    days = {key: date.fromisoformat(found[key]) if found[key] else None for key in ("starts_on", "ends_on")}
    return Conflict(**found | days)


def measurable(geometry: GeoJson) -> str:
    """The shape as text that PostGIS can measure without an error, which would end the caller's transaction.

    A coordinate system named inside is ignored: places are always lon/lat.
    """
    try:
        return str(to_geojson(sound(parse(geometry, max_positions=MAX_VERTICES + 1))))
    except GeometryFault as fault:
        raise PlaceError(fault.code) from fault


@cache
def _statement() -> TextClause:
    sql = files("geo").joinpath("sql", "place.sql").read_text(encoding="utf-8")
    return text(sql).bindparams(bindparam("srid", type_=Integer()), bindparam("names", type_=Text()))
