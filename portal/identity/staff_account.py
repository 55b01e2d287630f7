"""A member of staff's own account: who they are here, and another password."""

from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for

from portal.core.access import STAFF, allow, staff_member
from portal.core.errors import Invalid
from portal.core.sessions import digest, end_session, end_sessions, live_sessions
from portal.core.text import _, pick
from portal.core.web import db
from portal.identity import staff_sign_in, throttle, web_session
from portal.identity.actions import change_password
from portal.identity.departments import list_departments
from portal.identity.staff_forms import StaffPasswordForm

own = Blueprint("staff_account", __name__)


@own.get("/desk/account")
@allow(STAFF)
def account() -> str:
    """Name, address and offices; the form for another password."""
    return _page(StaffPasswordForm(formdata=None), changed=session.pop("password_changed", False))


@own.post("/desk/account")
@allow(STAFF)
def enter_password() -> Any:
    """Another password: every other session of this person ends, this one goes on under a new token."""
    form = StaffPasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    staff = staff_member()
    counted = throttle.limit_password(staff.email)
    try:
        right = change_password(db(), staff.id, form.current.data, form.password.data, throttle.client_address())
    except Invalid as refused:
        form.password.errors = [refused.message]
        return _page(form), 422
    if not right:
        form.current.errors = [_("いまのパスワードがちがいます。")]
        return _page(form), 422
    counted.refund()
    throttle.reset_staff_limits(db(), staff.email, staff.id)
    session["password_changed"] = True
    web_session.rotate_token()
    return redirect(url_for("staff_account.account"), 303)


@own.post("/desk/account/visits/<number>/end")
@allow(STAFF)
def end_web_session(number: str) -> Any:
    """End one other session of one's own."""
    end_session(db(), number, staff_id=staff_member().id)
    staff_sign_in.log_sign_in(db(), staff_member().id, "visit_ended", throttle.client_address())
    return redirect(url_for("staff_account.account"), 303)


@own.post("/desk/account/visits/end-others")
@allow(STAFF)
def end_other_web_sessions() -> Any:
    """End every other session; this one goes on under a new token."""
    end_sessions(db(), staff_id=staff_member().id)
    staff_sign_in.log_sign_in(db(), staff_member().id, "visits_ended", throttle.client_address())
    web_session.rotate_token()
    return redirect(url_for("staff_account.account"), 303)


def _page(form: StaffPasswordForm, *, changed: bool = False) -> str:
    staff = staff_member()
    offices = [pick(department.title, "ja") for department in list_departments(db()) if department.id in staff.roles]
    token = getattr(session, "token", None)
    return render_template(
        "identity/staff_account.html",
        form=form,
        page_errors=form.summary,
        offices=offices,
        changed=changed,
        web_sessions=live_sessions(db(), staff_id=staff.id),
        this_session=digest(token) if token else None,
    )
