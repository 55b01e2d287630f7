"""Keeping a case longer than its time, and ending that, at the desk."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import holds
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import Forbidden
from portal.core.events import Actor
from portal.core.web import db
from portal.desk.case_list import page_of
from portal.desk.forms import HoldForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import try_action

bp = Blueprint("desk_retention", __name__, url_prefix="/desk")
HOLD = "case.hold"
ACTS = {"place": holds.place_hold, "lift": holds.lift_hold}


@bp.post("/cases/<int:case_id>/hold")
@allow(right(HOLD))
def hold(case_id: int) -> ResponseReturnValue:
    """Keep the case beyond its time (`act` place), or end that (`act` lift), with the reason."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require(HOLD, case.department_id)
    form = HoldForm()
    act = ACTS.get(form.act.data)
    if act is None:
        raise Forbidden
    actor = Actor("staff", staff.id, staff.name)
    rejected = try_action(db(), "hold", lambda: act(db(), case.id, form.reason.data, actor), form)
    if rejected:
        return page_of(case, "history", rejected)
    return redirect(url_for("desk.case", case_id=case.id, tab="history", **filter_arguments(request.args)), 303)
