"""What the desk's list was asked for, read from the address; the map's tiles are asked with the same words."""

import base64
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from portal.cases import Box, CaseListQuery
from portal.cases.case_orders import ORDERS, Mark, read_mark
from portal.core.access import StaffIdentity
from portal.core.models import MAX_ID
from portal.desk.case_filter_arguments import read_case_filter
from portal.desk.drawn_area import read_area

KEPT = (
    "view",
    "status",
    "procedure",
    "answer",
    "assignee",
    "money",
    "correction",
    "channel",
    "conflict",
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
    "layout",
)
"""Parameters that belong to the filter and travel with every link of the desk."""


@dataclass(frozen=True, kw_only=True)
class Listing(CaseListQuery):
    """The list of one view of the desk, with the `query` of its address.

    `layout` is `table` where cases stand in columns without the map.
    `display` is how the map shows the cases: each by itself, or `density`; `bbox` is what it shows when the list keeps to it.
    `problems` are sentences about what was asked for and is left out. `near_text` is what the address says of something near, which
    `case_selection` checks and puts into the filter; `near_words` tells it. `conflicts`: it asks for cases whose ground another stands on;
    the rules for it are put into the filter there too.
    """

    view: str
    display: str
    layout: str
    query: str
    problems: tuple[str, ...] = ()
    near_text: str = ""
    near_words: str = ""
    conflicts: bool = False

    def link(self, **changes: str | None) -> str:
        """The address's query with some parameters changed (None takes one away) and without a page mark."""
        pairs = [(name, value) for name, value in self.pairs if name not in changes]
        return urlencode(pairs + [(name, value) for name, value in changes.items() if value])

    def href(self, **changes: str | None) -> str:
        """The address of the list with some parameters changed. It never is the bare one, which opens with the view that somebody chose."""
        return f"/desk?{self.link(**changes) or 'view=all'}"

    def href_without(self, name: str, value: str) -> str:
        """The address of the list with one of several values of a parameter taken away."""
        pairs = [pair for pair in self.pairs if pair != (name, value)]
        return f"/desk?{urlencode(pairs) or 'view=all'}"

    @property
    def orders(self) -> list[str]:
        """The orders in which it can stand."""
        return [name for name, each in ORDERS.items() if self.filter.open_only or not each.open_only]

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
    order = given.get("order", "")
    if order not in ORDERS or (ORDERS[order].open_only and not case_filter.open_only):
        order = "due" if case_filter.open_only else "new"
    readable, with_places = staff.departments("case.read_answers"), staff.departments("case.read_place")
    result = Listing(
        filter=case_filter,
        view=given.get("view", "all"),
        display=given.get("display", ""),
        layout="table" if given.get("layout") == "table" else "",
        text=given.get("q", "").replace("\x00", "").strip()[:100],
        bbox=parse_box(given.get("bbox", "")),
        problems=tuple(filter(None, [read_area(given.get("area", ""))[1]])),
        near_text=given.get("near", ""),
        conflicts=given.get("conflict") == "1",
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
    if case_filter.money or order == "money":
        paid = readable | staff.departments("payment.see")
        departments = result.filter.departments & paid
        result = replace(result, filter=replace(result.filter, departments=departments))
    asks_places = result.bbox or case_filter.area or any(case_filter.period) or result.conflicts or order == "place"
    return result.placed if asks_places else result


def mark_after(*mark: Any) -> str:
    """The mark from which the next page goes on, as an address has it."""
    return base64.urlsafe_b64encode(json.dumps(mark, default=str).encode()).decode().rstrip("=")


def _mark(text: str, order: str) -> Mark | None:
    try:
        read: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        mark = read_mark(order, read) if isinstance(read, list) else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return mark if mark and 0 < mark[-1] <= MAX_ID else None


def parse_box(text: str) -> Box | None:
    """West, south, east and north in degrees, with commas between them; None for any other text."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if inside else None
