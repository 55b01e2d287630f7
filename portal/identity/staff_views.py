"""Sign-in of staff: password, then the code of their authenticator app in the same attempt. No page opens on a password alone."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

import segno
from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from markupsafe import Markup

from portal.core.access import STAFF_PUBLIC, allow, current_staff
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.errors import Invalid
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.identity import (
    city_pages,
    department_pages,
    devices,
    staff_absence_pages,
    staff_admin,
    staff_enrolment,
    staff_invitation_pages,
    staff_sign_in,
    throttle,
    web_session,
)
from portal.identity.actions import choose_own_password
from portal.identity.addresses import normal_email
from portal.identity.forms import CodeForm
from portal.identity.staff_account import own
from portal.identity.staff_forms import EnrolForm, FirstPasswordForm, StaffSignInForm
from portal.identity.totp import new_secret, provisioning_uri

bp = Blueprint("staff_auth", __name__)

_HOME = "/desk"
_ATTEMPT_LIFE = timedelta(minutes=5)
_SECRET = b"authenticator of a sign-in attempt"


def register(app: Flask) -> None:
    """Serve the staff sign-in, invitations, their own accounts, and the pages of those who manage staff and departments."""
    app.register_blueprint(bp)
    app.register_blueprint(own)
    app.register_blueprint(staff_admin.bp)
    app.register_blueprint(staff_absence_pages.bp)
    app.register_blueprint(city_pages.bp)
    app.register_blueprint(department_pages.bp)
    app.register_blueprint(staff_invitation_pages.bp)


@bp.get("/desk/sign-in")
@allow(STAFF_PUBLIC)
def sign_in() -> str:
    """Ask for address and password."""
    return _password_page(StaffSignInForm())


@bp.post("/desk/sign-in")
@allow(STAFF_PUBLIC)
def enter_password() -> Any:
    """Check the password; one answer for an unknown address and for a wrong password."""
    form = StaffSignInForm()
    if not form.validate_on_submit():
        return _password_page(form), 422
    email = _normalise(form.email.data)
    counted = throttle.limit_password(email)
    staff_id = staff_sign_in.check_password(db(), email, form.password.data, throttle.client_address())
    if staff_id is None:
        form.password.errors = [_("メールアドレスかパスワードがちがいます。")]
        return _password_page(form), 422
    if staff_sign_in.initial_password_ended(db(), staff_id):
        form.password.errors = [_("渡されたパスワードの期限が切れています。管理者に、新しいものを頼んでください。")]
        return _password_page(form), 422
    counted.refund()
    session["staff_attempt"] = {
        "staff_id": staff_id,
        "email": email,
        "until": (now() + _ATTEMPT_LIFE).isoformat(),
        "next": web_session.local_path(request.args.get("next")),
    }
    web_session.rotate_token()
    return redirect(url_for("staff_auth.code"), 303)


@bp.get("/desk/sign-in/code")
@allow(STAFF_PUBLIC)
def code() -> Any:
    """Ask for the code of the authenticator app."""
    attempt = _attempt()
    if attempt is None:
        return redirect(url_for("staff_auth.sign_in"), 303)
    if staff_enrolment.may_enrol(db(), int(attempt["staff_id"])):
        return redirect(url_for("staff_auth.enrol_page"), 303)
    return _code_page(CodeForm())


@bp.post("/desk/sign-in/code")
@allow(STAFF_PUBLIC)
def enter_code() -> Any:
    """Check the code; only now is the member of staff signed in."""
    attempt = _attempt()
    if attempt is None:
        return redirect(url_for("staff_auth.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    staff_id = int(attempt["staff_id"])
    throttle.limit_staff_code(staff_id, attempt["email"])
    if not staff_sign_in.check_code(db(), staff_id, form.code.data, throttle.client_address()):
        form.code.errors = [_("コードがちがうか、もう使われています。次のコードが出るまで待って、入力してください。")]
        return _code_page(form), 422
    return _proved(attempt)


@bp.get("/desk/sign-in/enrol")
@allow(STAFF_PUBLIC)
def enrol_page() -> Any:
    """A new authenticator, in place of one that was lost; its key is made for this attempt and kept sealed with it."""
    attempt = _attempt()
    if attempt is None or not staff_enrolment.may_enrol(db(), int(attempt["staff_id"])):
        return redirect(url_for("staff_auth.sign_in"), 303)
    return _enrol_page(EnrolForm(formdata=None), attempt)


@bp.post("/desk/sign-in/enrol")
@allow(STAFF_PUBLIC)
def enrol() -> Any:
    """Check the code that was handed over and the first one of the new app."""
    attempt = _attempt()
    if attempt is None or "secret" not in attempt:
        return redirect(url_for("staff_auth.sign_in"), 303)
    form = EnrolForm()
    if not form.validate_on_submit():
        return _enrol_page(form, attempt), 422
    staff_id = int(attempt["staff_id"])
    throttle.limit_staff_code(staff_id, attempt["email"])
    right = staff_enrolment.enrol(
        db(),
        staff_id,
        one_time=form.one_time.data,
        secret=_secret(attempt),
        code=form.code.data,
        address=throttle.client_address(),
    )
    if not right:
        form.code.errors = [_("どちらかのコードがちがいます。たしかめて、もう一度入力してください。")]
        return _enrol_page(form, attempt), 422
    return _proved(attempt)


@bp.get("/desk/sign-in/password")
@allow(STAFF_PUBLIC)
def password_page() -> Any:
    """Ask for an own password in place of the one that was handed over."""
    attempt = _attempt()
    if attempt is None or not attempt.get("proved"):
        return redirect(url_for("staff_auth.sign_in"), 303)
    return _first_password_page(FirstPasswordForm(formdata=None))


@bp.post("/desk/sign-in/password")
@allow(STAFF_PUBLIC)
def choose_password() -> Any:
    """Store the own password; only now is the member of staff signed in."""
    attempt = _attempt()
    if attempt is None or not attempt.get("proved"):
        return redirect(url_for("staff_auth.sign_in"), 303)
    form = FirstPasswordForm()
    if not form.validate_on_submit():
        return _first_password_page(form), 422
    staff_id = int(attempt["staff_id"])
    try:
        choose_own_password(db(), staff_id, form.password.data, throttle.client_address())
    except Invalid as refused:
        form.password.errors = [refused.message]
        return _first_password_page(form), 422
    return _enter(attempt)


def _proved(attempt: dict[str, Any]) -> Any:
    """Password and authenticator were right: in, or first to an own password."""
    if staff_sign_in.has_initial_password(db(), int(attempt["staff_id"])):
        session["staff_attempt"] = {**attempt, "proved": True, "until": (now() + _ATTEMPT_LIFE).isoformat()}
        web_session.rotate_token()
        return redirect(url_for("staff_auth.password_page"), 303)
    return _enter(attempt)


def _enter(attempt: dict[str, Any]) -> Any:
    staff_id = int(attempt["staff_id"])
    throttle.reset_staff_limits(db(), attempt["email"], staff_id)
    devices.remember_device(db(), "staff", attempt["email"])
    web_session.sign_in_staff(staff_id)
    return redirect(attempt["next"] or _HOME, 303)


@bp.post("/desk/sign-out")
@allow(STAFF_PUBLIC)
def sign_out() -> Any:
    """Sign out."""
    staff = current_staff()
    if staff is not None:
        staff_sign_in.log_sign_in(db(), staff.id, "signed_out", throttle.client_address())
    web_session.sign_out_staff()
    return redirect(url_for("staff_auth.sign_in"), 303)


def _attempt() -> dict[str, Any] | None:
    attempt: dict[str, Any] | None = session.get("staff_attempt")
    if attempt is None or datetime.fromisoformat(attempt["until"]) <= now():
        return None
    return attempt


def _normalise(text: str) -> str:
    try:
        return normal_email(text)
    except Invalid:
        return ""  # no account has it; it is refused with the same message as a wrong password


def _password_page(form: StaffSignInForm) -> str:
    return render_template("identity/staff_sign_in.html", form=form, page_errors=form.summary)


def _code_page(form: CodeForm) -> str:
    return render_template("identity/staff_code.html", form=form, page_errors=form.summary)


def _first_password_page(form: FirstPasswordForm) -> str:
    return render_template("identity/staff_first_password.html", form=form, page_errors=form.summary)


def _secret(attempt: dict[str, Any]) -> str:
    return open_sealed(current_city().key, b64decode(attempt["secret"]), _SECRET).decode()


def _enrol_page(form: EnrolForm, attempt: dict[str, Any]) -> str:
    if "secret" not in attempt:
        sealed = seal(current_city().key, new_secret().encode(), _SECRET)
        attempt = session["staff_attempt"] = {**attempt, "secret": b64encode(sealed).decode()}
    secret = _secret(attempt)
    address = provisioning_uri(secret, attempt["email"], f"{current_city().name} 窓口")
    return render_template(
        "identity/staff_enrol.html",
        form=form,
        page_errors=form.summary,
        secret=secret,
        picture=Markup(segno.make_qr(address).svg_inline(scale=4)),  # noqa: S704 - drawn here
    )
