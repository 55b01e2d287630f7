"""Counting a till (金種表), closing it alone or by two people, and the report of a shift (日計)."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import tills
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid, NotFound
from portal.core.text import _
from portal.core.web import db
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.till_forms import ConfirmationForm, CountForm, number_of
from portal.desk.tills import actor, departments_seen, people, till_of
from portal.desk.viewing import record_list
from portal.payments import cases_of_orders

bp = Blueprint("desk_till_closing", __name__, url_prefix="/desk/tills")


@bp.get("/<int:till_id>/count")
@allow(right("till.use"))
def count_sheet(till_id: int) -> ResponseReturnValue:
    """The count sheet of a till that is open."""
    till = till_of(till_id)
    shift = tills.open_shift(db(), till_id)
    if shift is None or shift.status != "open":
        return redirect(url_for("desk_tills.overview"), 303)
    return _count_sheet(till, shift)


@bp.post("/<int:till_id>/count")
@allow(right("till.use"))
def count(till_id: int) -> ResponseReturnValue:
    """Count and close; a large difference waits for a second person."""
    till, form = till_of(till_id), CountForm()
    shift = tills.open_shift(db(), till_id)
    if shift is None:
        return redirect(url_for("desk_tills.overview"), 303)
    rejected = try_action(
        db(),
        "count",
        lambda: tills.count_till(
            db(), till_id, form.pieces, form.reason.data, actor(), expected=number_of(form.expected.data)
        ),
        form,
    )
    if rejected:
        return _count_sheet(till, shift, rejected), rejected.status
    return redirect(url_for("desk_till_closing.report", shift_id=shift.id), 303)


@bp.get("/shifts/<int:shift_id>")
@allow(right("till.see"))
def report(shift_id: int) -> str:
    """A shift from the float to the count, entry by entry. Prints as it stands."""
    return _report(shift_id)


@bp.post("/shifts/<int:shift_id>")
@allow(right("till.see"))
def confirm(shift_id: int) -> ResponseReturnValue:
    """Confirm a difference as the second person, or have the drawer counted again."""
    till, shift = tills.get_shift(db(), shift_id)
    form = ConfirmationForm()
    till_of(till.id, used=False)

    def act() -> None:
        if form.act.data == "confirm":
            tills.confirm_difference(db(), till.id, actor())
        elif form.act.data == "again":
            tills.count_till_again(db(), till.id, actor())
        else:
            raise Invalid(_("どちらか1つを選んでください。"))

    rejected = try_action(db(), "confirm", act)
    if rejected:
        return _report(shift_id, rejected), rejected.status
    return redirect(url_for("desk_till_closing.report", shift_id=shift.id), 303)


def _count_sheet(till: tills.Till, shift: tills.TillShift, rejected: RejectedAction | None = None) -> str:
    form = form_of(rejected, "count", CountForm)
    report = tills.report_of_shift(db(), till, shift)
    form.expected.data = str(report.expected)
    counted = sum(denomination * (count or 0) for denomination, count in form.pieces.items())
    return render_template(
        "desk/till_count.html",
        till=till,
        shift=shift,
        report=report,
        form=form,
        fields=[(denomination, form[f"pieces-{denomination}"]) for denomination in tills.DENOMINATIONS],
        counted=counted if rejected else None,
        rejected=rejected,
    )


def _report(shift_id: int, rejected: RejectedAction | None = None) -> str:
    till, shift = tills.get_shift(db(), shift_id)
    if till.department_id not in departments_seen(staff_member()):
        raise NotFound
    entries = tills.entries_of_shift(db(), shift_id)
    cases = cases_of_orders(db(), [entry.order_id for entry in entries])
    rendered = render_template(
        "desk/till_shift.html",
        till=till,
        shift=shift,
        report=tills.report_of_shift(db(), till, shift),
        entries=entries,
        case_of=cases,
        labels=case_labels_of(db(), set(cases.values())),
        denominations=tills.DENOMINATIONS,
        people=people(),
        me=staff_member().id,
        rejected=rejected,
    )
    record_list(db(), staff_member(), f"till shift {shift_id}", len(entries))
    return rendered
