"""Sign-in of residents by an e-mail address and a mailed code; a mailed link works by pressing a button, never by being opened."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.core import access
from portal.core.access import PUBLIC, RESIDENT, allow, resident
from portal.core.config import settings
from portal.core.errors import Invalid
from portal.core.sessions import digest, end_sessions, live_sessions
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import devices, links, throttle, web_session
from portal.identity.addresses import normal_email
from portal.identity.forms import CodeForm, EmailForm
from portal.identity.queries import ACCOUNT_OF_SESSION, STAFF_OF_SESSION, load_account, load_staff
from portal.identity.resident_accounts import sign_in_account

bp = Blueprint("resident_auth", __name__)

_HOME = "/me"
_DRAFT = "/drafts/{}"


def register(app: Flask) -> None:
    """Serve the residents' sign-in, and tell core how people are read."""
    access.sign_in_with(
        staff=access.SignIn("staff_auth.sign_in", STAFF_OF_SESSION, load_staff),
        resident=access.SignIn("resident_auth.sign_in", ACCOUNT_OF_SESSION, load_account),
    )
    app.register_blueprint(bp)


@bp.get("/sign-in")
@allow(PUBLIC)
def sign_in() -> str:
    """Ask for an address; from the page of the code, the one that was written stands there to be corrected."""
    attempted = session.get("sign_in") if "change" in request.args else None
    return _email_page(EmailForm(formdata=None, email=attempted["email"] if attempted else None))


@bp.post("/sign-in")
@allow(PUBLIC)
def send_code() -> Any:
    """Mail a code; the answer is the same whether the address is known or not."""
    form = EmailForm()
    if not form.validate_on_submit():
        return _email_page(form), 422
    try:
        email = normal_email(form.email.data)
    except Invalid as error:
        form.email.errors = [error.message]
        return _email_page(form), 422
    attempt = links.send_sign_in_code(db(), email, current_language())
    session["sign_in"] = {
        "code_id": attempt.code_id,
        "browser": attempt.browser,
        "email": email,
        "next": web_session.local_path(request.args.get("next")),
    }
    return redirect(url_for("resident_auth.code"), 303)


@bp.get("/sign-in/code")
@allow(PUBLIC)
def code() -> Any:
    """Ask for the code that was mailed."""
    return _code_page(CodeForm()) if "sign_in" in session else redirect(url_for("resident_auth.sign_in"), 303)


@bp.post("/sign-in/code")
@allow(PUBLIC)
def enter_code() -> Any:
    """Sign in with the code, in the browser that asked for it."""
    attempted = session.get("sign_in")
    if attempted is None:
        return redirect(url_for("resident_auth.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    counted = throttle.limit_resident_code(attempted["email"])
    attempt = links.Attempt(attempted["code_id"], attempted["browser"])
    email = links.redeem_code(db(), attempt, form.code.data)
    if email is not None:
        counted.refund()
        return _enter(email)
    left = links.attempts_left(db(), attempt)
    form.code.errors = [
        _("コードがちがいます。メールを見て、もう一度入力してください(あと{n}回)。", n=left)
        if left
        else _("このコードは、もう使えません。新しいコードを送ってください。")
    ]
    return _code_page(form), 422


@bp.get("/sign-in/link/<token>")
@allow(PUBLIC)
def link(token: str) -> str:
    """Show a button: mail scanners open links too, and must not use them up."""
    counted = throttle.limit_link()
    works = links.link_is_valid(db(), token, _browser())
    if works:
        counted.refund()
    return render_template("identity/link.html", works=works)


@bp.post("/sign-in/link/<token>")
@allow(PUBLIC)
def enter_link(token: str) -> Any:
    """Sign in with the mailed link, in the browser that asked for it."""
    counted = throttle.limit_link()
    email = links.redeem_link(db(), token, _browser())
    if email is None:
        return render_template("identity/link.html", works=False), 422
    counted.refund()
    return _enter(email)


@bp.post("/sign-out")
@allow(PUBLIC)
def sign_out() -> Any:
    """Sign out."""
    web_session.sign_out_resident()
    return redirect("/", 303)


@bp.get("/resume/<token>")
@allow(PUBLIC)
def resume(token: str) -> Any:
    """Show a button that opens the draft behind a mailed link."""
    counted = throttle.limit_link()
    works = links.draft_of_link(db(), token) is not None
    if works:
        counted.refund()
    return _resume_page(works=works), 200 if works else 404


def _resume_page(*, works: bool) -> str:
    return render_template("identity/resume.html", works=works, draft_days=settings().draft_days)


@bp.post("/resume/<token>")
@allow(PUBLIC)
def open_draft(token: str) -> Any:
    """Let this session open the draft."""
    counted = throttle.limit_link()
    draft = links.draft_of_link(db(), token)
    if draft is None:
        return _resume_page(works=False), 404
    counted.refund()
    web_session.remember_draft(draft)
    return redirect(_DRAFT.format(draft), 303)


@bp.get("/me/security")
@allow(RESIDENT)
def security() -> str:
    """The places where this resident is signed in."""
    token = getattr(session, "token", None)
    here = digest(token) if token else None
    return render_template("identity/security.html", web_sessions=live_sessions(db(), resident().id), here=here)


@bp.post("/me/security/end-others")
@allow(RESIDENT)
def end_others() -> ResponseReturnValue:
    """End every other session; this one goes on under a new token."""
    end_sessions(db(), account_id=resident().id)
    web_session.rotate_token()
    return redirect(url_for("resident_auth.security"), 303)


def _enter(email: str) -> Any:
    target = (session.get("sign_in") or {}).get("next")
    throttle.refund_mail_limits(email)
    devices.remember_device(db(), "resident", email)
    web_session.sign_in_resident(sign_in_account(db(), email, current_language()))
    return redirect(target or _HOME, 303)


def _browser() -> str:
    return str((session.get("sign_in") or {}).get("browser", ""))


def _email_page(form: EmailForm) -> str:
    next_path = web_session.local_path(request.args.get("next"))
    return render_template("identity/sign_in.html", form=form, page_errors=form.summary, next_path=next_path)


def _code_page(form: CodeForm) -> str:
    attempted = session["sign_in"]
    return render_template(
        "identity/code.html",
        form=form,
        page_errors=form.summary,
        email=attempted["email"],
        next_path=attempted["next"] or None,
    )
