"""The desk's filter, read from the address: one object for the list, the tiles and the exports, so that they never disagree."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import accumulate

from werkzeug.datastructures import MultiDict

from common.status import CLOSED_STATUSES, OPEN_STATUSES, STATUSES
from geo import CaseFilter
from geo.filters import Ring
from portal.core.access import StaffIdentity
from portal.core.clock import today

MOST_CORNERS = 64
"""Of an area drawn on the map; the script leaves out corners until so many are left."""
_FINE = 100_000  # corners are told to the hundred-thousandth of a degree, about a metre
_AREA = re.compile(r"-?\d{1,8}(_-?\d{1,8}){5,127}", re.ASCII)


_SEVERAL = {"open": OPEN_STATUSES, "closed": CLOSED_STATUSES}


def case_filter(arguments: MultiDict[str, str], staff: StaffIdentity) -> CaseFilter:
    """The filter of an address.

    `view` (mine, unassigned, late, all), `status` (several; `open` and `closed` stand for all of theirs), `procedure` (several),
    `from` and `to` (days of the place, see `geo.filters.first_day`), `area` (see `ring_of`), `q` (words: without a status, closed
    cases are found by them too). What cannot be read is left out, and departments are always those that this person may see.
    """
    view = arguments.get("view", "all")
    asked = arguments.getlist("status")
    statuses = {one for one in asked if one in STATUSES}
    statuses |= {one for name, several in _SEVERAL.items() if name in asked for one in several}
    if not statuses:
        statuses = set(STATUSES if arguments.get("q", "").strip() else OPEN_STATUSES)
    return CaseFilter(
        today=today(),
        statuses=frozenset(statuses if len(statuses) < len(STATUSES) else ()),  # with all of them nothing to compare
        procedures=frozenset(key for key in arguments.getlist("procedure") if key.isprintable()),
        departments=staff.departments("case.see"),
        assignee_id=staff.id if view == "mine" else None,
        unassigned=view == "unassigned",
        late=view == "late",
        period=_period(_day(arguments, "from"), _day(arguments, "to")),
        area=ring_of(arguments.get("area", "")),
    )


def ring_of(text: str) -> Ring | None:
    """The corners of an area: `lon_lat`, then how far each next corner lies from the one before it (`static/js/map/ring.js` writes it).

    All in hundred-thousandths of a degree: 13941580_3570020_40_0_0_-30. None for what is no such text, or lies off the globe.
    """
    if not _AREA.fullmatch(text):
        return None
    numbers = [int(part) for part in text.split("_")]
    if len(numbers) % 2:
        return None
    lons, lats = accumulate(numbers[::2]), accumulate(numbers[1::2])
    ring = tuple((lon / _FINE, lat / _FINE) for lon, lat in zip(lons, lats, strict=True))
    return ring if all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in ring) else None


def _period(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days as given; the wrong way round, they are turned."""
    return (last, first) if first and last and last < first else (first, last)


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(arguments.get(name, ""))
    except ValueError:
        return None
