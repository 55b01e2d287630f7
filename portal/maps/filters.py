"""The desk's filter, read from the address: one object for the list, the tiles and the exports, so that they never disagree."""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from geo import CaseFilter
from geo.filters import OPEN_STATUSES, STATUSES
from portal.core.access import StaffIdentity
from portal.core.clock import today

VIEWS = ("mine", "unassigned", "late", "all")


def case_filter(arguments: MultiDict[str, str], staff: StaffIdentity) -> CaseFilter:
    """The filter of an address.

    `view` (mine, unassigned, late, all), `status` (several; `open` stands for all open ones), `procedure` (several), `from` and `to`
    (days on which the place is used), `q` (words: without a status, closed cases are found by them too). What cannot be read is
    left out, and departments are always those that this person may see.
    """
    view = arguments.get("view", "all")
    asked = arguments.getlist("status")
    statuses = {one for one in asked if one in STATUSES}
    closed_too = "closed" in asked or ("open" not in asked and arguments.get("q", "").strip())
    if "open" in asked or not (statuses or closed_too):
        statuses |= set(OPEN_STATUSES)
    return CaseFilter(
        today=today(),
        statuses=frozenset(statuses if len(statuses) < len(STATUSES) else ()),  # with all of them nothing to compare
        procedures=frozenset(key for key in arguments.getlist("procedure") if key.isprintable()),
        departments=staff.departments("case.see"),
        assignee_id=staff.id if view == "mine" else None,
        unassigned=view == "unassigned",
        late=view == "late",
        period=(_day(arguments, "from"), _day(arguments, "to")),
    )


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(arguments.get(name, ""))
    except ValueError:
        return None
