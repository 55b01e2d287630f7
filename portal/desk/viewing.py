"""Who looked at what at the desk: a trace of each case that was opened and of each list that was shown, as the privacy page promises."""

from datetime import timedelta
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from portal.cases import Case
from portal.cases.events import of_case
from portal.core.access import StaffIdentity
from portal.core.events import Actor, Subject, View, record_views
from portal.desk.listing import KEPT, Listing

ONE_LOOK = timedelta(minutes=30)
"""Coming back to the same case or list within this time (another tab of the drawer, the next case and back) is one look."""


def record_look(
    session: Session,
    staff: StaffIdentity,
    *,
    case: Case | None = None,
    listing: Listing | None = None,
    rows: int = 0,
) -> None:
    """Leave a trace of what a page showed: a case, a list of `rows` lines, or both; one statement.

    Called last in a view: the trace holds the chain of the city's events until the transaction ends.
    """
    views = []
    if case is not None:
        views.append(View(of_case(case.id), "case.viewed", more={"department_id": case.department_id}))
    if listing is not None and rows:
        views.append(View(Subject("list"), "list.viewed", {"filters": filters_of(listing)}, {"rows": rows}))
    record_views(session, Actor("staff", staff.id, staff.name), views, within=ONE_LOOK)


def record_list(session: Session, staff: StaffIdentity, name: str, rows: int) -> None:
    """Leave a trace of another list of cases than the desk's own: the payments of a day, or those under review."""
    if rows:
        view = View(Subject("list"), "list.viewed", {"filters": name}, {"rows": rows})
        record_views(session, Actor("staff", staff.id, staff.name), [view], within=ONE_LOOK)


def filters_of(listing: Listing) -> str:
    """The names of the filters in use, never what was typed into them: who looked for a name must not write it into the trail."""
    used = {name for name, _value in parse_qsl(listing.query)}
    return " ".join(name for name in KEPT if name in used)
