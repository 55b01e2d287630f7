"""The appointments of a day: on the screen and on paper; and times at which none are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import bookings
from portal.cases import Case, appointment_fields
from portal.cases.queries import cases_of_departments
from portal.core.access import StaffIdentity, allow, right, staff_member
from portal.core.clock import TOKYO, local_date, today
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.desk.forms import BlockForm
from portal.desk.viewing import record_list
from portal.procedures import offers

bp = Blueprint("desk_appointments", __name__, url_prefix="/desk/appointments")


@dataclass(frozen=True)
class Resource:
    """Something that appointments book: its key, its name for clerks, how many at once."""

    key: str
    title: str
    counters: int


@dataclass(frozen=True)
class Line:
    """One time of the day: the case that booked it, or none where staff blocked it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    resource: str
    case: Case | None


@bp.get("")
@allow(right("case.see"))
def day() -> str:
    """The appointments of one day with the departments of this member of staff."""
    return _page(_selected(request.args.get("day", "")), BlockForm(formdata=None))


def _page(selected: date, form: BlockForm, problem: str = "") -> str:
    staff = staff_member()
    resources = _resources(db(), staff)
    form.resource.choices = [(resource.key, resource.title) for resource in resources.values()]
    form.day.data = selected.isoformat()
    lines = _lines(db(), staff, selected, resources)
    rendered = render_template(
        "desk/appointments.html",
        day=selected,
        before=selected - timedelta(days=1),
        after=selected + timedelta(days=1),
        lines=lines,
        resources=resources,
        problem=problem,
        form=form,
    )
    record_list(db(), staff, f"appointments {selected.isoformat()}", sum(line.case is not None for line in lines))
    return rendered


@bp.post("/blocks")
@allow(right("case.assign"))
def block() -> ResponseReturnValue:
    """Give no appointments at a time. What is booked already stays."""
    form = BlockForm()
    selected = _selected(form.day.data)
    resource = _resources(db(), staff_member(), "case.assign").get(form.resource.data)
    try:
        if resource is None:
            raise Invalid(_("予約するものを選んでください。"))
        start, end = (_moment(selected, clock) for clock in (form.start.data, form.end.data))
        if start is None or end is None or end <= start:
            raise Invalid(_("始まりと終わりの時刻を、09:00 のように入力してください。"))
    except Invalid as fault:
        return _page(selected, form, fault.message), 422
    bookings.block(db(), resource.key, resource.counters, start, end, staff_member().id)
    return redirect(url_for("desk_appointments.day", day=selected.isoformat()), 303)


@bp.post("/blocks/<int:number>/lift")
@allow(right("case.assign"))
def lift(number: int) -> ResponseReturnValue:
    """Give appointments again at a time that was blocked."""
    blocked = bookings.blocked_time(db(), number)
    if blocked is None:
        raise NotFound
    if blocked.resource not in _resources(db(), staff_member(), "case.assign"):
        raise Forbidden
    bookings.unblock(db(), number)
    shown = local_date(blocked.starts_at)
    return redirect(url_for("desk_appointments.day", day=shown.isoformat()), 303)


def _resources(session: Session, staff: StaffIdentity, needed: str = "case.see") -> Mapping[str, Resource]:
    """What the offered procedures of a person's departments let people book."""
    departments = staff.departments(needed)
    resources: dict[str, Resource] = {}
    for offer in offers(session):
        if offer.department_id not in departments:
            continue
        for field in appointment_fields(offer.definition):
            by = offer.definition.fields.get(field.resource_by or "")
            parts = {f"{field.resource}/{option.id}": option.label.ja for option in getattr(by, "options", ())}
            for key, part in (parts or {field.resource: ""}).items():
                title = offer.definition.title.ja + (f" {part}" if part else "")
                resources.setdefault(key, Resource(key, title, field.counters))
    return resources


def _lines(session: Session, staff: StaffIdentity, selected: date, resources: Mapping[str, Resource]) -> list[Line]:
    begins = datetime.combine(selected, time(), TOKYO)
    entries = bookings.appointments_between(session, begins, begins + timedelta(days=1))
    ids = [entry.case_id for entry in entries if entry.case_id is not None]
    cases = cases_of_departments(session, ids, staff.departments("case.see"))
    return [
        Line(
            entry.id,
            entry.starts_at,
            entry.ends_at,
            resources[entry.resource].title if entry.resource in resources else entry.resource,
            cases.get(entry.case_id or 0),
        )
        for entry in entries
        if entry.case_id in cases or (entry.case_id is None and entry.resource in resources)
    ]


def _selected(text: str) -> date:
    try:
        selected = date.fromisoformat(text)
    except ValueError:
        return today()
    return min(max(selected, date(2000, 1, 1)), date(2100, 1, 1))


def _moment(day: date, clock: str) -> datetime | None:
    try:
        return datetime.combine(day, time.fromisoformat(clock), TOKYO)
    except ValueError:
        return None
