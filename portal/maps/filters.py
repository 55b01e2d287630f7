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
    (days on which the place is used). What cannot be read is left out, and departments are always those that this person may see.
    """
    view = arguments.get("view", "all")
    statuses = {one for one in arguments.getlist("status") if one in STATUSES}
    if "open" in arguments.getlist("status") or not statuses:
        statuses |= set(OPEN_STATUSES) if "closed" not in arguments.getlist("status") else set()
    return CaseFilter(
        today=today(),
        statuses=frozenset(statuses),
        procedures=frozenset(arguments.getlist("procedure")),
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
