"""A page that was open longer than its visit: what it sends is kept, and the page comes back with a token that counts.

The anti-forgery token ends with the visit. What proves that the page is the visitor's own is then the browser's key to its
drafts, a cookie that another site's requests do not carry. Nothing is sent on and nothing is judged; the text is only kept.
"""

from typing import Any

from flask import Flask, jsonify, redirect, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf

from forms.text.ruby import without_readings
from portal.cases import drafts
from portal.cases.browser_drafts import known_in_browser
from portal.cases.models import Draft
from portal.core.access import current_account
from portal.core.clock import now
from portal.core.locking import lock_row
from portal.core.web import db, http_error
from portal.identity.draft_key import browser_key, sent_by_own_page
from portal.procedures.definitions import definition_of
from portal.residents.application import Application
from portal.residents.apply import places_of
from portal.residents.posted import posted, read
from portal.residents.step_page import questions_as_typed, render_step, saved_words

_KEEPING = {"residents.send", "residents.autosave"}


def install(app: Flask) -> None:
    """Take late pages of applications; every other is turned away as before."""
    app.register_error_handler(CSRFError, _late)


def _late(error: CSRFError) -> Any:
    application = _application() if request.endpoint in _KEEPING and sent_by_own_page() else None
    if application is None:
        return http_error(error)
    step_id = (request.view_args or {})["step_id"]
    step = next((one for one in application.steps if one.id == step_id), None)
    if step is None:
        return http_error(error)
    reading = read(application, step, posted())
    application.keep(step, reading)
    account = current_account()
    shown = application.draft.account_id in {None, account.id if account else None}
    if request.endpoint == "residents.autosave":
        token = {"token": generate_csrf()} if shown else {}
        return jsonify(saved=without_readings(saved_words(application)), **token)
    if not shown:  # its owner signed in for it before: it is kept, and shown when they have done so again
        return redirect(url_for("resident_door.sign_in", next=application.address(step)), 303)
    questions = questions_as_typed(application, step, reading, {})
    return render_step(application, questions, places_of(application, step), late=True), 400


def _application() -> Application | None:
    """The draft that the page belongs to, locked, if it was written in this browser and is not sent."""
    public_id, browser = (request.view_args or {}).get("public_id"), browser_key()
    if browser is None:
        return None
    draft = lock_row(db(), Draft, Draft.public_id == public_id, Draft.expires_at > now(), Draft.case_id.is_(None))
    if draft is None or not known_in_browser(db(), draft, browser):
        return None
    definition = definition_of(db(), draft.version_id)
    return Application(db(), draft, definition, drafts.answers_of(db(), draft), drafts.typed_of(db(), draft))
