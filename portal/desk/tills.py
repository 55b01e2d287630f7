"""The tills of a counter: which there are, opening one, and bringing their money to the bank."""

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import identity, tills
from portal.core.access import StaffIdentity, allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk import ledger_words as words
from portal.desk.forms import whole_number
from portal.desk.ledger import Period, month_of
from portal.desk.ledger_forms import day_of
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.till_forms import BankingForm, OpeningForm, TillForm, number_of

bp = Blueprint("desk_tills", __name__, url_prefix="/desk/tills")


def actor() -> Actor:
    """The cashier, as events name them."""
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def departments_seen(staff: StaffIdentity) -> Collection[int]:
    """The departments whose tills this person sees: their own, or all of them for the accounts department."""
    if staff.may("till.manage"):
        return {department.id for department in identity.list_departments(db())}
    return staff.departments("till.use")


def till_of(till_id: int, *, used: bool = True) -> tills.Till:
    """A till that this person may use, or only see. Raises NotFound, also for those of others."""
    staff, till = staff_member(), tills.get_till(db(), till_id)
    if till.department_id not in (staff.departments("till.use") if used else departments_seen(staff)):
        raise NotFound
    return till


@bp.get("")
@allow(right("till.see"))
def overview() -> str:
    """Every till with its state, and what is to be brought to the bank."""
    return _overview()


@bp.post("")
@allow(right("till.manage"))
def set_up() -> ResponseReturnValue:
    """Set up a till, change one, or take it out of use."""
    form = TillForm()

    def act() -> None:
        department = whole_number(form.department.data, digits=9)
        above = number_of(form.confirmed_above.data)
        if department is None or department not in departments_seen(staff_member()):
            sentence = _("課を選んでください。")
            raise Invalid(sentence, {"department": sentence})
        tills.add_till(db(), department, form.title.data, above, actor())

    return _answer(try_action(db(), "set_up", act, form))


@bp.post("/<int:till_id>/settings")
@allow(right("till.manage"))
def change(till_id: int) -> ResponseReturnValue:
    """Rename a till, change its limit, or take it out of use."""
    form, till = TillForm(), till_of(till_id, used=False)
    in_use = {"change": till.in_use, "retire": False, "restore": True}.get(form.act.data, till.in_use)

    def act() -> None:
        above = number_of(form.confirmed_above.data)
        tills.change_till(db(), till_id, form.title.data, above, actor(), in_use=in_use)

    return _answer(try_action(db(), f"till-{till_id}", act, form))


@bp.post("/<int:till_id>/opening")
@allow(right("till.use"))
def open_till(till_id: int) -> ResponseReturnValue:
    """Open a till with a float."""
    till, form = till_of(till_id), OpeningForm()
    rejected = try_action(
        db(),
        f"opening-{till_id}",
        lambda: tills.open_till(db(), till.id, number_of(form.float_amount.data), actor()),
        form,
    )
    if rejected:
        return _overview(rejected), rejected.status
    return redirect(url_for("desk_till_counter.counter", till_id=till_id), 303)


@bp.post("/banking")
@allow(right("till.use"))
def bank() -> ResponseReturnValue:
    """Record that the money of closed tills was brought to the bank."""
    form = BankingForm()
    chosen = [number for text in form.shifts.data if (number := whole_number(text, digits=12)) is not None]
    departments = staff_member().departments("till.use")
    return _answer(
        try_action(
            db(),
            "banking",
            lambda: tills.bank_shifts(db(), chosen, form.day, form.slip_number.data, actor(), departments),
            form,
        )
    )


@bp.get("/month")
@allow(right("till.see"))
def month() -> str:
    """The tills of a month, shift by shift, and what was brought to the bank. Prints as it stands."""
    first = day_of(f"{request.args.get('month', '')}-01") or today()
    period: Period = month_of(first)
    reports = tills.shifts_between(db(), period.begin, period.end, departments_seen(staff_member()))
    return render_template(
        "desk/till_month.html",
        period=period,
        reports=reports,
        totals={
            method: sum(report.by_method[method].net for report in reports if method in report.by_method)
            for method in ("cash", "card_reader")
        },
        differences=sum(report.shift.difference for report in reports),
        bankings=tills.bankings_between(db(), period.begin, period.end) if staff_member().may("till.manage") else [],
        departments=words.department_names(db()),
        people=people(),
    )


def people() -> dict[int, str]:
    """The names of staff by id."""
    return {staff.id: staff.name for staff in identity.list_staff(db())}


def _answer(rejected: RejectedAction | None) -> ResponseReturnValue:
    if rejected:
        return _overview(rejected), rejected.status
    return redirect(url_for("desk_tills.overview"), 303)


def _overview(rejected: RejectedAction | None = None) -> str:
    staff = staff_member()
    departments = words.department_names(db())
    seen = departments_seen(staff)
    set_up_form = form_of(rejected, "set_up", TillForm)
    set_up_form.department.choices = [(str(key), name) for key, name in departments.items() if key in seen]
    banking_form = form_of(rejected, "banking", BankingForm)
    if rejected is None or rejected.name != "banking":
        banking_form.banked_on.data = today().isoformat()
        set_up_form.confirmed_above.data = set_up_form.confirmed_above.data or "1000"
    return render_template(
        "desk/tills.html",
        rows=tills.tills_of_departments(db(), seen),
        unbanked=tills.unbanked_shifts(db(), staff.departments("till.use")),
        departments=departments,
        people=people(),
        rejected=rejected,
        set_up_form=set_up_form,
        banking_form=banking_form,
        opening_form=lambda till_id: form_of(rejected, f"opening-{till_id}", OpeningForm),
        till_form=lambda till: form_of(rejected, f"till-{till.id}", TillForm),
        this_month=f"{today():%Y-%m}",
    )
