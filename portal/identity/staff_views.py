"""Staff come in: password, then the code of their authenticator app in the same attempt. No page behind opens on a password alone."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for

from portal.core.access import STAFF_DOOR, allow, current_staff
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.text import _
from portal.core.web import db
from portal.identity import devices, staff_sign_in, throttle, visits
from portal.identity.addresses import normal_email
from portal.identity.forms import CodeForm, StaffSignInForm, faults
from portal.identity.staff_account import own

door = Blueprint("staff_door", __name__)

_HOME = "/desk"
_ATTEMPT_LIFE = timedelta(minutes=5)


def register(app: Flask) -> None:
    """Serve the staff sign-in and their own accounts."""
    app.register_blueprint(door)
    app.register_blueprint(own)


@door.get("/desk/sign-in")
@allow(STAFF_DOOR)
def sign_in() -> str:
    """Ask for address and password."""
    return _password_page(StaffSignInForm())


@door.post("/desk/sign-in")
@allow(STAFF_DOOR)
def enter_password() -> Any:
    """Check the password; one answer for an unknown address and for a wrong password."""
    form = StaffSignInForm()
    if not form.validate_on_submit():
        return _password_page(form), 422
    email = _spelling(form.email.data)
    counted = throttle.before_password(email)
    staff_id = staff_sign_in.check_password(db(), email, form.password.data, throttle.client())
    if staff_id is None:
        form.password.errors = [_("メールアドレスかパスワードがちがいます。")]
        return _password_page(form), 422
    counted.succeeded()
    session["staff_attempt"] = {
        "staff_id": staff_id,
        "email": email,
        "until": (now() + _ATTEMPT_LIFE).isoformat(),
        "next": visits.safe_path(request.args.get("next")),
    }
    visits.renew()
    return redirect(url_for("staff_door.code"), 303)


@door.get("/desk/sign-in/code")
@allow(STAFF_DOOR)
def code() -> Any:
    """Ask for the code of the authenticator app."""
    return _code_page(CodeForm()) if _attempt() else redirect(url_for("staff_door.sign_in"), 303)


@door.post("/desk/sign-in/code")
@allow(STAFF_DOOR)
def enter_code() -> Any:
    """Check the code; only now is the visit a member of staff's."""
    attempt = _attempt()
    if attempt is None:
        return redirect(url_for("staff_door.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    staff_id = int(attempt["staff_id"])
    throttle.before_staff_code(staff_id, attempt["email"])
    if not staff_sign_in.check_code(db(), staff_id, form.code.data, throttle.client()):
        form.code.errors = [_("コードがちがうか、もう使われています。次のコードが出るまで待って、入力してください。")]
        return _code_page(form), 422
    visits.enter_as_staff(staff_id)
    throttle.forget_staff(db(), attempt["email"], staff_id)
    devices.remember(db(), "staff", attempt["email"])
    return redirect(attempt["next"] or _HOME, 303)


@door.post("/desk/sign-out")
@allow(STAFF_DOOR)
def sign_out() -> Any:
    """End the visit."""
    staff = current_staff()
    if staff is not None:
        staff_sign_in.note(db(), staff.id, "signed_out", throttle.client())
    visits.leave_as_staff()
    return redirect(url_for("staff_door.sign_in"), 303)


def _attempt() -> dict[str, Any] | None:
    attempt: dict[str, Any] | None = session.get("staff_attempt")
    if attempt is None or datetime.fromisoformat(attempt["until"]) <= now():
        return None
    return attempt


def _spelling(text: str) -> str:
    try:
        return normal_email(text)
    except Invalid:
        return ""  # nobody's; it is refused in the same words as a wrong password


def _password_page(form: StaffSignInForm) -> str:
    return render_template("identity/staff_sign_in.html", form=form, page_errors=faults(form))


def _code_page(form: CodeForm) -> str:
    return render_template("identity/staff_code.html", form=form, page_errors=faults(form))
