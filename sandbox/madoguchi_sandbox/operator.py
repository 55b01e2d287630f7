"""The operator's page: simulate the convenience store, the bank, the passing of time and a bad network."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from madoguchi_sandbox import deliveries, konbini, refunds, scheduler, sessions
from madoguchi_sandbox.api import current_store
from madoguchi_sandbox.store import JsonObject, Store

bp = Blueprint("operator", __name__)
MAX_ROWS = 50
CLOCK_STEPS = {"3600": "1時間", "86400": "1日", "259200": "3日"}


@bp.get("/")
def overview() -> str:
    """Show sessions, vouchers, refunds, deliveries and faults."""
    store = current_store()
    scheduler.run_due(store)
    rows = [
        (s, store.find(s["payment_intent"]) if s["payment_intent"] else None)
        for s in store.list_objects("checkout.session", limit=MAX_ROWS)
    ]
    deliveries_shown = store.execute(
        "SELECT d.*, json_extract(o.body, '$.type') AS kind FROM delivery d JOIN object o ON o.id = d.event_id ORDER BY d.id DESC LIMIT ?",
        MAX_ROWS,
    )
    faults = {name: bool(store.setting(name)) for name in deliveries.FAULTS}
    return render_template(
        "operator.html",
        rows=rows,
        refunds=store.list_objects("refund", limit=MAX_ROWS),
        deliveries=deliveries_shown,
        faults=faults,
        api_fault=store.setting("api_fault"),
        next_refund=store.setting("next_refund"),
        now=store.now(),
        steps=CLOCK_STEPS,
    )


def _to_overview() -> Response:
    return redirect("/", 303)


def _get_or_404(store: Store, object_id: str, kind: str) -> JsonObject:
    body = store.find(object_id)
    if body is None or body["object"] != kind:
        abort(404)
    return body


@bp.post("/operator/vouchers/<intent_id>/pay")
def pay_voucher(intent_id: str) -> Response:
    """Pay a voucher at the counter."""
    store = current_store()
    with store.transaction():
        intent = _get_or_404(store, intent_id, "payment_intent")
        if intent["status"] != "requires_action":
            abort(409)
        konbini.pay_voucher(store, intent, request.form.get("chain", "familymart"))
    return _to_overview()


@bp.post("/operator/vouchers/<intent_id>/expire")
def expire_voucher(intent_id: str) -> Response:
    """Let a voucher expire now."""
    store = current_store()
    with store.transaction():
        intent = _get_or_404(store, intent_id, "payment_intent")
        if intent["status"] != "requires_action":
            abort(409)
        konbini.expire_voucher(store, intent)
    return _to_overview()


@bp.post("/operator/sessions/<session_id>/expire")
def expire_session(session_id: str) -> Response:
    """Let a session expire now."""
    store = current_store()
    with store.transaction():
        session = _get_or_404(store, session_id, "checkout.session")
        if session["status"] != "open":
            abort(409)
        sessions.mark_expired(store, session)
    return _to_overview()


@bp.post("/operator/refunds/<refund_id>/<outcome>")
def finish_refund(refund_id: str, outcome: str) -> Response:
    """Complete a refund as `succeeded` or `failed`; one that succeeded may still fail."""
    store = current_store()
    with store.transaction():
        refund = _get_or_404(store, refund_id, "refund")
        if outcome not in ("succeeded", "failed"):
            abort(404)
        if refund["status"] in ("failed", "canceled", outcome):
            abort(409)
        refunds.finish(store, refund, outcome)
    return _to_overview()


@bp.post("/operator/clock")
def advance_clock() -> Response:
    """Advance the clock of the sandbox."""
    seconds = request.form.get("seconds", "")
    if seconds not in CLOCK_STEPS:
        abort(400)
    store = current_store()
    store.advance_clock(int(seconds))
    scheduler.run_due(store)
    return _to_overview()


@bp.post("/operator/switches")
def set_faults() -> Response:
    """Set the faults of deliveries, of the API and of refunds."""
    store = current_store()
    for name in deliveries.FAULTS:
        store.set_setting(name, "on" if request.form.get(name) else "")
    for name, allowed in (("api_fault", ("", "before", "after")), ("next_refund", ("", "pending", "failed"))):
        value = request.form.get(name, "")
        if value not in allowed:
            abort(400)
        store.set_setting(name, value)
    return _to_overview()


@bp.post("/operator/events/<event_id>/send")
def resend_event(event_id: str) -> Response:
    """Deliver an event again."""
    store = current_store()
    _get_or_404(store, event_id, "event")
    deliveries.resend(store, event_id)
    return _to_overview()
