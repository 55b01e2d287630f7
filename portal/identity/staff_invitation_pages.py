"""Behind the link of an invitation: first the authenticator, then an own password; with both the account is used for the first time.

What the authenticator proved lies sealed in the session of this browser until the password is chosen.
"""

from base64 import b64decode, b64encode
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.core.access import STAFF_PUBLIC, allow
from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.errors import Invalid
from portal.core.sessions import digest
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.identity import devices, staff_invitations, throttle, web_session
from portal.identity.forms import CodeForm
from portal.identity.models import Staff
from portal.identity.staff_forms import FirstPasswordForm
from portal.identity.totp import new_secret, provisioning_uri, step_of

bp = Blueprint("staff_invitation", __name__, url_prefix="/desk/invitation/<token>")

_HOME = "/desk"
_SECRET = b"authenticator of an invitation"
_KEPT = "staff_invitation"


@bp.get("")
@allow(STAFF_PUBLIC)
def authenticator(token: str) -> ResponseReturnValue:
    """Show the key for an authenticator app."""
    staff = _invited(token)
    return _authenticator_page(staff, token, CodeForm(formdata=None)) if staff else _dead()


@bp.post("")
@allow(STAFF_PUBLIC)
def prove_authenticator(token: str) -> ResponseReturnValue:
    """Check the first code that the app shows."""
    staff = _invited(token)
    if staff is None:
        return _dead()
    kept, form = _kept(token), CodeForm()
    if not form.validate_on_submit():
        return _authenticator_page(staff, token, form), 422
    step = step_of(_secret(kept), form.code.data, now(), 0) if kept else None
    if kept is None or step is None:
        form.code.errors = ["コードがちがいます。認証アプリにいま出ている数字を入力してください。"]
        return _authenticator_page(staff, token, form), 422
    session[_KEPT] = {**kept, "step": step}
    return redirect(url_for("staff_invitation.password", token=token), 303)


@bp.get("/password")
@allow(STAFF_PUBLIC)
def password(token: str) -> ResponseReturnValue:
    """Ask for an own password."""
    staff = _invited(token)
    if staff is None:
        return _dead()
    if "step" not in (_kept(token) or {}):
        return redirect(url_for("staff_invitation.authenticator", token=token), 303)
    return _password_page(staff, token, FirstPasswordForm(formdata=None))


@bp.post("/password")
@allow(STAFF_PUBLIC)
def begin(token: str) -> ResponseReturnValue:
    """Take the account into use, and sign its owner in."""
    staff, kept = _invited(token), _kept(token)
    if staff is None:
        return _dead()
    if kept is None or "step" not in kept:
        return redirect(url_for("staff_invitation.authenticator", token=token), 303)
    form = FirstPasswordForm()
    if not form.validate_on_submit():
        return _password_page(staff, token, form), 422
    try:
        accepted = staff_invitations.accept_invitation(
            db(),
            token,
            secret=_secret(kept),
            step=kept["step"],
            password=form.password.data,
            address=throttle.client_address(),
        )
    except Invalid as refused:
        db().rollback()
        form.password.errors = [refused.message]
        staff = _invited(token)
        return (_password_page(staff, token, form), 422) if staff else _dead()
    if accepted is None:
        return _dead()
    session.pop(_KEPT)
    devices.remember_device(db(), "staff", accepted.email)
    web_session.sign_in_staff(accepted.id)
    return redirect(_HOME, 303)


def _invited(token: str) -> Staff | None:
    """Whose link it is; guesses are counted against the network, a link that works is none."""
    counted = throttle.limit_link()
    staff = staff_invitations.invited_by_link(db(), token)
    if staff is not None:
        counted.refund()
    return staff


def _kept(token: str) -> dict[str, Any] | None:
    """What this browser has done so far with this link."""
    kept: dict[str, Any] | None = session.get(_KEPT)
    return kept if kept is not None and kept["of"] == digest(token).hex() else None


def _secret(kept: dict[str, Any]) -> str:
    return open_sealed(current_city().key, b64decode(kept["secret"]), _SECRET).decode()


def _authenticator_page(staff: Staff, token: str, form: CodeForm) -> str:
    kept = _kept(token)
    if kept is None:
        sealed = seal(current_city().key, new_secret().encode(), _SECRET)
        kept = session[_KEPT] = {"of": digest(token).hex(), "secret": b64encode(sealed).decode()}
    secret = _secret(kept)
    address = provisioning_uri(secret, staff.email, f"{current_city().name} 窓口")
    return render_template(
        "identity/staff_invitation_authenticator.html",
        person=staff,
        token=token,
        form=form,
        page_errors=form.summary,
        secret=secret,
        picture=Markup(segno.make_qr(address).svg_inline(scale=4)),  # noqa: S704 - drawn here
    )


def _password_page(staff: Staff, token: str, form: FirstPasswordForm) -> str:
    return render_template(
        "identity/staff_invitation_password.html", person=staff, token=token, form=form, page_errors=form.summary
    )


def _dead() -> tuple[str, int]:
    return render_template("identity/staff_invitation_dead.html", page_errors=[]), 404
