"""Handing a case over to another department: a page that says what follows from it, and the list of what went elsewhere."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import Case, SeenVersion, allocation, contact_address, seen_version
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.text import pick
from portal.core.web import db
from portal.desk.forms import CaseTransferForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_list, record_look
from portal.identity import list_departments

_SHOWN = 200

bp = Blueprint("desk_case_transfers", __name__, url_prefix="/desk")


@bp.get("/cases/<int:case_id>/transfer")
@allow(right("case.transfer"))
def ask(case_id: int) -> str:
    """Where the department is chosen and the reason written."""
    case = _case(case_id)
    form = CaseTransferForm(formdata=None, seen=str(seen_version(db(), case)))
    page = _page(case, form)
    record_look(db(), staff_member(), case=case)
    return page


@bp.post("/cases/<int:case_id>/transfer")
@allow(right("case.transfer"))
def hand_over(case_id: int) -> ResponseReturnValue:
    """Hand it over, and lead to the list of what went elsewhere: the case itself is no longer this department's."""
    case = _case(case_id)
    form = CaseTransferForm()
    act = partial(
        allocation.transfer,
        db(),
        case.id,
        form.department_id,
        form.reason.data,
        staff_member(),
        seen=SeenVersion.parse(form.seen.data),
    )
    rejected = try_action(db(), "transfer", act, form)
    if rejected:
        form.seen.data = str(seen_version(db(), case))
        return _page(case, form, rejected), rejected.status
    return redirect(url_for("desk_case_transfers.gone", **filter_arguments(request.args)), 303)


@bp.get("/transfers")
@allow(right("case.see"))
def gone() -> str:
    """What this person's departments handed over, newest first, and who has it now."""
    staff = staff_member()
    rows = allocation.transfers_from(db(), staff.departments("case.see"), _SHOWN)
    titles = {department.id: pick(department.title, "ja") for department in list_departments(db(), with_closed=True)}
    readable = staff.departments("case.see")
    page = render_template("desk/case_transfers.html", rows=rows, titles=titles, readable=readable, shown=_SHOWN)
    record_list(db(), staff, "transfers", len(rows))
    return page


def _case(case_id: int) -> Case:
    case = case_for_staff(db(), case_id, staff_member())
    staff_member().require("case.transfer", case.department_id)
    return case


def _page(case: Case, form: CaseTransferForm, rejected: RejectedAction | None = None) -> str:
    departments = allocation.possible_departments(db(), case.department_id)
    chosen = [(str(department.id), pick(department.title, "ja")) for department in departments]
    form.department.choices = [("", "選んでください"), *chosen]
    return render_template(
        "desk/case_transfer.html",
        case=case,
        form=form,
        rejected=rejected,
        mailed=contact_address(db(), case) is not None,
        back=url_for("desk.case", case_id=case.id, **filter_arguments(request.args)),
        action=url_for("desk_case_transfers.hand_over", case_id=case.id, **filter_arguments(request.args)),
    )
