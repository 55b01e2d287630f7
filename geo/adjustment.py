"""Adjustment of a drawn place that overlaps others: moved aside, or trimmed, so that it is clear of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Double, Float, Integer, Select, bindparam, exists, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from common.geometry import DECIMALS, GeoJson
from geo.layer_rules import LayerRule
from geo.overlap import OverlapQuery, is_queried, overlap_parameter, query_rows
from geo.place_query import measurable_geojson, place_cte
from geo.source import OccupancySource

MAX_DISTANCE_M = 10.0
"""Farther away it would no longer be the place that was meant."""

STEP_M = 0.1
MARGIN_M = 0.02
"""Left between the places: more than rounding and the two ways of drawing a straight line can take away."""

MIN_REMAINDER = 0.1
"""The share of an area that must remain when the overlap is cut away."""

MAX_NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A place that was moved by `distance_m`, or trimmed (`distance_m` is None), so that it is clear of others.

    `bearing` is in degrees from the north of the plane system, clockwise; None when the place was trimmed.
    """

    geometry: dict[str, Any]
    distance_m: float | None
    bearing: float | None


def adjust_place(
    connection: Connection | Session,
    geometry: GeoJson,
    *,
    srid: int,
    overlaps: Sequence[OverlapQuery],
    occupancy: OccupancySource,
    rules: Sequence[LayerRule] = (),
) -> Adjustment | None:
    """The smallest change of a place after which others are at least 2 cm away; None when there is none. Raises PlaceError.

    Method: the place, in its shape and size, is tried along twelve directions (the eight winds, and along and across its own smallest
    rectangle) at every 10 cm up to 10 m; the nearest position wins. Rules must hold there: wholly inside the layers of `inside`, and
    at least as much of it on the layers of `intersects` as before. If no position will do, the others' ground with its margin is cut
    away from an area (ST_Difference), as long as one piece without holes and a tenth of the area is left, and the rules hold for it. A
    place that is clear already comes back moved by 0 m. A rule about a layer that does not exist is no condition;
    rules must be `kept_when_moved`.

    One statement. None among more than 200 others: that needs a person.
    Plan: Index Scan on the GiST index of the source, and on ix_layer_feature_geom for each rule; the 1,212 positions are tried in memory.
    """
    row = connection.execute(
        _statement(occupancy),
        {
            "geometry": measurable_geojson(geometry),
            "srid": srid,
            "decimals": DECIMALS,
            "overlap_queries": overlap_parameter(overlaps),
            "rules": json.dumps([{"n": n, "kind": rule.kind, "layer": rule.layer} for n, rule in enumerate(rules)]),
            "max_distance_m": MAX_DISTANCE_M,
            "step_m": STEP_M,
            "steps": round(MAX_DISTANCE_M / STEP_M),
            "margin_m": MARGIN_M,
            "min_remainder": MIN_REMAINDER,
            "max_neighbours": MAX_NEIGHBOURS,
        },
    ).one_or_none()
    if row is None:
        return None
    if row.distance_m is None:
        return Adjustment(row.geometry, None, None)
    return Adjustment(row.geometry, round(row.distance_m, 1), row.bearing)


@lru_cache(maxsize=20)
def _statement(occupancy: OccupancySource) -> Select[Any]:
    place = place_cte()
    distance = bindparam("max_distance_m", type_=Float) + literal_column("1")
    reach = select(func.ST_Transform(func.ST_Expand(place.c.flat, distance), 4326).label("geom")).cte("reach")
    reach = reach.prefix_with("MATERIALIZED", dialect="postgresql")
    query = query_rows(occupancy)
    features = occupancy.features
    queried = exists(select(literal_column("1")).select_from(query).where(is_queried(occupancy, query)))
    neighbour = (
        select(features.geom.label("geom"))
        .join_from(features.table, reach, features.geom.ST_Intersects(reach.c.geom))
        .where(queried)
        .limit(bindparam("max_neighbours", type_=Integer) + literal_column("1"))
        .cte("neighbour")
    )
    sql = files("geo").joinpath("sql", "adjustment.sql").read_text(encoding="utf-8")
    integers = (bindparam(name, type_=Integer) for name in ("srid", "steps", "max_neighbours", "decimals"))
    best = text(sql).bindparams(*integers).columns(distance_m=Double, bearing=Double, geometry=JSONB).subquery("best")
    return select(best).add_cte(place, reach, neighbour)
