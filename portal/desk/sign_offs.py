"""決裁 at the desk: the list of what waits for one's own, signing a decision off, and giving it back to who drafted it."""

from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.cases import SeenVersion, sign_offs
from portal.cases.queries import case_for_staff
from portal.core.access import allow, right, staff_member
from portal.core.text import pick
from portal.core.web import db
from portal.desk.case_actions import back_to
from portal.desk.case_list import page_of
from portal.desk.forms import SignOffForm
from portal.desk.rejected_action import try_action
from portal.desk.viewing import record_list
from portal.identity import list_departments

_SHOWN = 100
"""Rows of the list; the next come up as the first are signed."""

bp = Blueprint("desk_sign_offs", __name__, url_prefix="/desk")


@bp.get("/sign-offs")
@allow(right("case.see"))
def waiting() -> str:
    """What waits for this person to sign it off, and what they drafted, longest waiting first."""
    staff = staff_member()
    rows = sign_offs.waiting_drafts(db(), staff, _SHOWN + 1)
    more, rows = len(rows) > _SHOWN, rows[:_SHOWN]
    titles = {department.id: pick(department.title) for department in list_departments(db(), with_closed=True)}
    rendered = render_template("desk/sign_offs.html", rows=rows, more=more, titles=titles)
    record_list(db(), staff, "sign-offs", len(rows))
    return rendered


@bp.post("/cases/<int:case_id>/decision/sign-off")
@allow(right("case.see"))
def sign_off(case_id: int) -> ResponseReturnValue:
    """Sign a decision off, or with `act` return give it back; `cases` asks for the role, and that the page was not out of date."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = SignOffForm()
    act = (
        partial(sign_offs.return_draft, db(), case.id, form.decision_id, staff, remark=form.remark.data)
        if form.act.data == "return"
        else partial(
            sign_offs.sign_off,
            *(db(), case.id, form.decision_id, staff),
            remark=form.remark.data,
            seen=SeenVersion.parse(form.seen.data),
        )
    )
    rejected = try_action(db(), "sign_off", act, form)
    return page_of(case, rejected=rejected) if rejected else back_to(case)
