"""The operator's page: play the convenience store, the bank, the clock and a bad network."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from madoguchi_sandbox import deliveries, konbini, lapses, refunds, sessions
from madoguchi_sandbox.api import sandbox_store
from madoguchi_sandbox.store import Object, Store

bp = Blueprint("operator", __name__)
SHOWN = 50
STEPS = {"3600": "1時間", "86400": "1日", "259200": "3日"}


@bp.get("/")
def overview() -> str:
    """Sessions, vouchers, refunds, deliveries and switches."""
    store = sandbox_store()
    lapses.let_time_pass(store)
    rows = [
        (s, store.find(s["payment_intent"]) if s["payment_intent"] else None)
        for s in store.all("checkout.session", limit=SHOWN)
    ]
    sent = store.rows(
        "SELECT d.*, json_extract(o.body, '$.type') AS kind FROM delivery d JOIN object o ON o.id = d.event_id ORDER BY d.id DESC LIMIT ?",
        SHOWN,
    )
    switches = {name: bool(store.setting(name)) for name in deliveries.SWITCHES}
    return render_template(
        "operator.html",
        rows=rows,
        refunds=store.all("refund", limit=SHOWN),
        deliveries=sent,
        switches=switches,
        api_fault=store.setting("api_fault"),
        next_refund=store.setting("next_refund"),
        now=store.now(),
        steps=STEPS,
    )


def _back() -> Response:
    return redirect("/", 303)


def _known(store: Store, object_id: str, kind: str) -> Object:
    found = store.find(object_id)
    if found is None or found["object"] != kind:
        abort(404)
    return found


@bp.post("/operator/vouchers/<intent_id>/pay")
def pay_voucher(intent_id: str) -> Response:
    """Somebody paid at the counter."""
    store = sandbox_store()
    with store.transaction():
        intent = _known(store, intent_id, "payment_intent")
        if intent["status"] != "requires_action":
            abort(409)
        konbini.pay(store, intent, request.form.get("chain", "familymart"))
    return _back()


@bp.post("/operator/vouchers/<intent_id>/lapse")
def lapse_voucher(intent_id: str) -> Response:
    """The voucher's time runs out now."""
    store = sandbox_store()
    with store.transaction():
        intent = _known(store, intent_id, "payment_intent")
        if intent["status"] != "requires_action":
            abort(409)
        konbini.lapse(store, intent)
    return _back()


@bp.post("/operator/sessions/<session_id>/expire")
def expire_session(session_id: str) -> Response:
    """The session's time runs out now."""
    store = sandbox_store()
    with store.transaction():
        session = _known(store, session_id, "checkout.session")
        if session["status"] != "open":
            abort(409)
        sessions.close_expired(store, session)
    return _back()


@bp.post("/operator/refunds/<refund_id>/<outcome>")
def finish_refund(refund_id: str, outcome: str) -> Response:
    """The bank ends a refund: `succeeded` or `failed` (which may happen to one that looked done)."""
    store = sandbox_store()
    with store.transaction():
        refund = _known(store, refund_id, "refund")
        if outcome not in ("succeeded", "failed"):
            abort(404)
        if refund["status"] in ("failed", "canceled", outcome):
            abort(409)
        refunds.finish(store, refund, outcome)
    return _back()


@bp.post("/operator/clock")
def advance() -> Response:
    """Let time pass."""
    seconds = request.form.get("seconds", "")
    if seconds not in STEPS:
        abort(400)
    store = sandbox_store()
    store.advance(int(seconds))
    lapses.let_time_pass(store)
    return _back()


@bp.post("/operator/switches")
def switch() -> Response:
    """Set how deliveries, the API and refunds misbehave."""
    store = sandbox_store()
    for name in deliveries.SWITCHES:
        store.set_setting(name, "on" if request.form.get(name) else "")
    for name, allowed in (("api_fault", ("", "before", "after")), ("next_refund", ("", "pending", "failed"))):
        value = request.form.get(name, "")
        if value not in allowed:
            abort(400)
        store.set_setting(name, value)
    return _back()


@bp.post("/operator/events/<event_id>/send")
def send_again(event_id: str) -> Response:
    """Deliver an event once more."""
    store = sandbox_store()
    _known(store, event_id, "event")
    deliveries.send_again(store, event_id)
    return _back()
