"""What the desk's list was asked for, read from the address; the map's tiles are asked with the same words."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from portal.cases import Box, CaseListQuery, Mark
from portal.core.access import StaffIdentity
from portal.core.models import MAX_ID
from portal.desk.case_filter_arguments import read_case_filter
from portal.desk.drawn_area import read_area

KEPT = (
    "view",
    "status",
    "procedure",
    "answer",
    "due-from",
    "due-to",
    "from",
    "to",
    "q",
    "area",
    "near",
    "bbox",
    "order",
    "display",
)
"""Parameters that belong to the filter and travel with every link of the desk."""


@dataclass(frozen=True, kw_only=True)
class Listing(CaseListQuery):
    """The list of one view of the desk, with the `query` of its address.

    `display` is how the map shows the cases: each by itself, or `density`; `bbox` is what it shows when the list keeps to it.
    `problems` are sentences about what was asked for and is left out. `near_text` is what the address says of something near, which
    `case_selection` checks and puts into the filter; `near_words` tells it.
    """

    view: str
    display: str
    query: str
    problems: tuple[str, ...] = ()
    near_text: str = ""
    near_words: str = ""

    def link(self, **changes: str | None) -> str:
        """The address's query with some parameters changed (None takes one away) and without a page mark."""
        pairs = [(name, value) for name, value in self.pairs if name not in changes]
        return urlencode(pairs + [(name, value) for name, value in changes.items() if value])

    def href(self, **changes: str | None) -> str:
        """The address of the list with some parameters changed. It never is the bare one, which opens with the view that somebody chose."""
        return f"/desk?{self.link(**changes) or 'view=all'}"

    @property
    def whole_map(self) -> "Listing":
        """The same for the map, which shows where cases are beyond its edge as soon as it is moved."""
        return replace(self, bbox=None, query=self.link(bbox=None))

    @property
    def shared(self) -> "Listing":
        """The same for a link that is passed on or kept: without the words that were looked for, which may name a person."""
        return replace(self, text="", query=self.link(q=None))

    @property
    def placed(self) -> "Listing":
        """The same for what shows places and periods: only the departments whose places this person may see."""
        departments = self.filter.departments & self.with_places
        return replace(self, filter=replace(self.filter, departments=departments))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the query, in their order."""
        return parse_qsl(self.query)


def filter_arguments(arguments: MultiDict[str, str]) -> dict[str, Any]:
    """Return the filter in the arguments of an address, for `url_for` of another page that keeps it."""
    return {name: arguments.getlist(name) for name in KEPT if name in arguments}


def listing(arguments: MultiDict[str, str], staff: StaffIdentity) -> Listing:
    """Read the address. What cannot be understood is left out rather than refused; the map is asked with the same pairs."""
    kept = [(name, value) for name in KEPT for value in arguments.getlist(name) if value]
    given = MultiDict(kept)
    case_filter = read_case_filter(given, staff)
    order = given.get("order", "due")
    if order not in {"due", "new"} or not case_filter.open_only:
        order = "due" if case_filter.open_only else "new"
    readable, with_places = staff.departments("case.read_answers"), staff.departments("case.read_place")
    result = Listing(
        filter=case_filter,
        view=given.get("view", "all"),
        display=given.get("display", ""),
        text=given.get("q", "").replace("\x00", "").strip()[:100],
        bbox=parse_box(given.get("bbox", "")),
        problems=tuple(filter(None, [read_area(given.get("area", ""))[1]])),
        near_text=given.get("near", ""),
        order=order,
        after=_mark(arguments.get("after", ""), order),
        query=urlencode(kept),
        readable=readable,
        with_places=with_places,
        limited=not case_filter.departments <= readable,
    )
    # where and when a case uses a place must not be found out by asking for it either
    if case_filter.answers:
        departments = case_filter.departments & readable
        result = replace(result, filter=replace(case_filter, departments=departments), limited=False)
    asks_places = result.bbox or case_filter.area or any(case_filter.period)
    return result.placed if asks_places else result


def mark_after(value: date | datetime, case_id: int) -> str:
    """The mark from which the next page goes on."""
    return base64.urlsafe_b64encode(json.dumps([value.isoformat(), case_id]).encode()).decode().rstrip("=")


def _mark(text: str, order: str) -> Mark | None:
    try:
        read: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        value = date.fromisoformat(read[0]) if order == "due" else datetime.fromisoformat(read[0])
        case_id = int(read[1])
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, RecursionError):
        return None
    return (value, case_id) if 0 < case_id <= MAX_ID else None


def parse_box(text: str) -> Box | None:
    """West, south, east and north in degrees, with commas between them; None for any other text."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if inside else None
