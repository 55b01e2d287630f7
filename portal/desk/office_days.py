"""The days on which the city is closed besides holidays, and the hours of its windows, for its administrators; with what a closed day affects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import bookings
from portal.cases import Case
from portal.cases.queries import cases_of_departments, count_due_on
from portal.core.access import StaffIdentity, allow, right, staff_member
from portal.core.city_days import ClosedDay, hours_in_words
from portal.core.clock import TOKYO, today
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.tenancy import City, city_row
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.desk.forms import whole_number
from portal.desk.office_day_forms import ClosedDayForm, StateForm, WindowHoursForm, day_in
from portal.identity import office_days, staff_administration

bp = Blueprint("desk_office_days", __name__, url_prefix="/desk/city/days")

_MANAGE = right("staff.manage")


@dataclass(frozen=True)
class BookedTime:
    """An appointment on a day that is to be closed; `case` for who may see it, else None."""

    starts_at: datetime
    ends_at: datetime
    case: Case | None


@bp.get("")
@allow(_MANAGE)
def index() -> str:
    """The closed days by year, and the hours of the windows."""
    return _page()


@bp.get("/closing")
@allow(_MANAGE)
def look() -> ResponseReturnValue:
    """What a closed day would affect, before it is kept."""
    form = ClosedDayForm(formdata=request.args)
    city = city_row(db())
    if not staff_administration.management_scope(db(), _actor()).everywhere:
        return _page(closing=form)
    try:
        closed = office_days.checked_closed_day(city, day_in(form.day), form.name_by_language)
    except Invalid as refused:
        return _page(refused, closing=form), _status(refused)
    form.seen.data = str(city.number)
    return render_template(
        "desk/office_day_closing.html",
        closed=closed,
        form=form,
        booked=_booked_on(db(), staff_member(), closed.day),
        due=count_due_on(db(), closed.day),
    )


@bp.post("/closing")
@allow(_MANAGE)
def close() -> ResponseReturnValue:
    """Close the city hall on a day."""
    form = ClosedDayForm()
    try:
        office_days.close_day(db(), _actor(), day_in(form.day), form.name_by_language, form.seen_number)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(refused, closing=form), _status(refused)
    return _done("closed")


@bp.post("/opening")
@allow(_MANAGE)
def reopen() -> ResponseReturnValue:
    """Open the city hall again on a day that was to be closed."""
    form = StateForm()
    return _after("opened", lambda: office_days.open_day(db(), _actor(), day_in(form.day), form.seen_number))


@bp.post("/copy")
@allow(_MANAGE)
def copy() -> ResponseReturnValue:
    """Close the city hall in the next year on the days of this one."""
    form = StateForm()
    try:
        added = office_days.copy_year(db(), _actor(), whole_number(form.year.data, digits=4) or 0, form.seen_number)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(refused), _status(refused)
    return _done("copied" if added else "none_copied")


@bp.post("/hours")
@allow(_MANAGE)
def add_hours() -> ResponseReturnValue:
    """Open a window at hours besides those of weekdays."""
    form = WindowHoursForm()
    try:
        office_days.add_window_hours(db(), _actor(), form.seen_number, **form.given)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(refused, hours=form), _status(refused)
    return _done("hours_added")


@bp.post("/hours/remove")
@allow(_MANAGE)
def remove_hours() -> ResponseReturnValue:
    """Take hours of a window away."""
    form = StateForm()
    position = whole_number(form.position.data, digits=4)
    return _after("hours_removed", lambda: office_days.remove_window_hours(db(), _actor(), position, form.seen_number))


def _after(done: str, change: Callable[[], object]) -> ResponseReturnValue:
    try:
        change()
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _page(refused), _status(refused)
    return _done(done)


def _page(
    refused: DomainError | None = None,
    *,
    closing: ClosedDayForm | None = None,
    hours: WindowHoursForm | None = None,
) -> str:
    city = city_row(db())
    filled = closing or hours
    if filled is not None and isinstance(refused, Invalid):
        filled.show(refused)
    closing, hours = closing or ClosedDayForm(formdata=None), hours or WindowHoursForm(formdata=None)
    closing.seen.data = hours.seen.data = str(city.number)
    return render_template(
        "desk/office_days.html",
        row=city,
        years=_years(city),
        windows=[(entry.window, hours_in_words(entry.hours)) for entry in city.window_hours],
        closing=closing,
        window_form=hours,
        page_errors=[*closing.summary, *hours.summary],
        refused=None if closing.errors or hours.errors else refused,
        may_change=staff_administration.management_scope(db(), _actor()).everywhere,
        done=_sentence(request.args.get("changed", "")),
    )


def _years(city: City) -> list[tuple[int, list[ClosedDay]]]:
    """The closed days of the last year, of this one and of those to come, by year; this one is there without any too."""
    years = {entry.day.year for entry in city.closed_days if entry.day.year >= today().year - 1} | {today().year}
    return [(year, [entry for entry in city.closed_days if entry.day.year == year]) for year in sorted(years)]


def _booked_on(session: Session, staff: StaffIdentity, day: date) -> list[BookedTime]:
    begins = datetime.combine(day, time(), TOKYO)
    entries = [
        entry
        for entry in bookings.appointments_between(session, begins, begins + timedelta(days=1))
        if entry.case_id is not None
    ]
    cases = cases_of_departments(
        session, [entry.case_id for entry in entries if entry.case_id], staff.departments("case.see")
    )
    return [BookedTime(entry.starts_at, entry.ends_at, cases.get(entry.case_id or 0)) for entry in entries]


def _done(changed: str) -> ResponseReturnValue:
    return redirect(url_for("desk_office_days.index", changed=changed), 303)


def _sentence(changed: str) -> str:
    sentences = {
        "closed": _("休みにしました。ほかの人の画面には、30秒ほどで出ます。"),
        "opened": _("休みを取り消しました。"),
        "copied": _("次の年に写しました。曜日が変わるので、日を確かめてください。"),
        "none_copied": _("写せる日は、ありませんでした。"),
        "hours_added": _("窓口の時間を加えました。"),
        "hours_removed": _("窓口の時間を消しました。"),
    }
    return sentences.get(changed, "")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)
