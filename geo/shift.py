"""Ways out of a conflict: where a drawn place could go, and when it could stay, so that no other place is in its way."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from common.geometry import DECIMALS, GeoJson
from geo.place import ClearOf, Rule, measurable

FARTHEST_M = 10.0
"""Farther away it would no longer be the place that somebody meant."""

STEP_M = 0.1
MARGIN_M = 0.02
"""Left between the places; more than rounding and the two ways of drawing a straight line can take away."""

LEAST_LEFT = 0.1
"""The share of an area that must be left when the overlap is cut away."""

MOST_OTHERS = 200


@dataclass(frozen=True, slots=True)
class Shift:
    """A place that was changed so that it is clear of others: moved so many metres, or (`metres` is None) cut."""

    geometry: dict[str, Any]
    metres: float | None
    bearing: float | None  # degrees from the north of the plane system, clockwise; None when it was cut


def shift_clear(
    connection: Connection | Session,
    geometry: GeoJson,
    *,
    clear_of: Sequence[ClearOf],
    rules: Sequence[Rule] = (),
    srid: int,
) -> Shift | None:
    """The smallest change of a place after which others are at least 2 cm away; None when there is none. Raises PlaceError.

    Method: the shape as it is, of the same size, is tried along twelve directions (the eight winds, and along and across
    its own smallest rectangle) at every 10 cm up to 10 m, and the nearest spot wins. Rules must hold there: wholly inside
    the layers of `inside`, and at least as much of it on the layers of `intersects` as before. If no spot will do, the
    others' ground with its margin is taken away from an area (ST_Difference), as long as one piece without holes and a
    tenth of the area is left, and the rules hold for it. A shape that is clear already comes back moved by 0 m.
    A rule about a layer that the city does not have is no condition.

    One statement. Among more than 200 other places nothing is found: that is a question for the office.
    Plan: Index Scan on ix_case_place_geom, and on ix_layer_feature_geom for each rule; the 1,212 spots are judged in memory.
    """
    row = connection.execute(
        _statement(),
        {
            "geometry": measurable(geometry),
            "srid": srid,
            "decimals": DECIMALS,
            "others": json.dumps([asdict(one) for one in clear_of], default=str),
            "rules": json.dumps([{"n": n, "kind": one.kind, "layer": one.layer} for n, one in enumerate(rules)]),
            "farthest_m": FARTHEST_M,
            "step_m": STEP_M,
            "steps": round(FARTHEST_M / STEP_M),
            "margin_m": MARGIN_M,
            "least_left": LEAST_LEFT,
            "most_others": MOST_OTHERS,
        },
    ).one_or_none()
    if row is None:
        return None
    return (
        Shift(row.geometry, None, None)
        if row.metres is None
        else Shift(row.geometry, round(row.metres, 1), row.bearing)
    )


def first_free_day(taken: Iterable[tuple[date | None, date | None]], starts_on: date, ends_on: date) -> date | None:
    """The first day, not before `starts_on`, from which a period of that length touches none of the taken ones.

    Both days of every period are included; a missing day is an open end. None when there is no such day.
    """
    length = ends_on - starts_on
    day = starts_on
    for first, last in sorted(taken, key=lambda period: period[0] or date.min):
        if first is not None and first - day > length:
            break
        if last is None or last == date.max:
            return None
        day = max(day, last + timedelta(days=1))
    return day if length <= date.max - day else None


@cache
def _statement() -> TextClause:
    sql = files("geo").joinpath("sql", "place_shift.sql").read_text(encoding="utf-8")
    return text(sql).bindparams(
        *(bindparam(name, type_=Integer()) for name in ("srid", "steps", "most_others", "decimals"))
    )
