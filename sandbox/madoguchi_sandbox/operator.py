"""What the operator does on the pages of `operator_pages`: act as the store, the bank, the cardholder, the clock and a bad network."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from madoguchi_sandbox import (
    account,
    deliveries,
    disputes,
    konbini,
    payouts,
    refunds,
    scheduler,
    sessions,
    transfers,
    troubles,
)
from madoguchi_sandbox.calls import ENDPOINTS, current_store
from madoguchi_sandbox.store import JsonObject, Store
from madoguchi_sandbox.wire import ApiError

bp = Blueprint("operator", __name__)
MAX_CLOCK_STEP = 400 * 86400  # seconds
NEXT_REFUND = {
    "": "支払い方法のとおり",
    "pending": "あとで完了",
    "requires_action": "口座の連絡待ち",
    "failed": "あとで失敗",
}


def _to(path: str) -> Response:
    return redirect(path, 303)


def _get_or_404(store: Store, object_id: str, kind: str) -> JsonObject:
    body = store.find(object_id)
    if body is None or body["object"] != kind:
        abort(404)
    return body


@contextmanager
def _change(object_id: str, kind: str) -> Iterator[tuple[Store, JsonObject]]:
    """The store in a transaction, and the object that is changed in it; 404 where there is none."""
    store = current_store()
    with store.transaction():
        yield store, _get_or_404(store, object_id, kind)


def _require(allowed: bool) -> None:
    """Answer 409 to what the object does not allow any more: another page may have done it before."""
    if not allowed:
        abort(409)


def _is_one_of(outcome: str, *outcomes: str) -> None:
    """Answer 404 to an outcome that there is not."""
    if outcome not in outcomes:
        abort(404)


def _number(name: str, least: int, greatest: int, default: int | None = None) -> int:
    """Return a number of the form. A form that was tampered with is a 400: the fields have bounds of their own."""
    text = request.form.get(name, "").strip()
    if text == "" and default is not None:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= greatest:
        abort(400, f"{name}: {least} - {greatest}")
    return int(text)


@bp.post("/operator/vouchers/<intent_id>/pay")
def pay_voucher(intent_id: str) -> Response:
    """Pay a voucher at the counter, in time or after it expired."""
    with _change(intent_id, "payment_intent") as (store, intent):
        _require(konbini.is_awaited(intent) or konbini.is_expired(intent))
        konbini.pay_voucher(store, intent, request.form.get("chain", "familymart"))
    return _to("/")


@bp.post("/operator/vouchers/<intent_id>/expire")
def expire_voucher(intent_id: str) -> Response:
    """Let a voucher expire now."""
    with _change(intent_id, "payment_intent") as (store, intent):
        _require(konbini.is_awaited(intent))
        konbini.expire_voucher(store, intent)
    return _to("/")


@bp.post("/operator/transfers/<intent_id>/receive")
def receive_transfer(intent_id: str) -> Response:
    """Take in a bank transfer of any amount, also when the payment is over."""
    with _change(intent_id, "payment_intent") as (store, intent):
        _require(transfers.has_account(store, intent))
        transfers.receive(store, intent, _number("amount", 1, sessions.MAX_AMOUNT))
    return _to("/")


@bp.post("/operator/sessions/<session_id>/expire")
def expire_session(session_id: str) -> Response:
    """Let a session expire now."""
    with _change(session_id, "checkout.session") as (store, session):
        _require(session["status"] == "open")
        sessions.mark_expired(store, session)
    return _to("/")


@bp.post("/operator/refunds/<refund_id>/<outcome>")
def finish_refund(refund_id: str, outcome: str) -> Response:
    """Complete a refund as `succeeded`, `failed` or `canceled`; one that succeeded may still fail."""
    with _change(refund_id, "refund") as (store, refund):
        _is_one_of(outcome, "succeeded", "failed", "canceled")
        _require(refund["status"] not in ("failed", "canceled", outcome))
        _require((outcome, refund["status"]) != ("canceled", "succeeded"))
        refunds.finish(store, refund, outcome)
    return _to("/operator/refunds")


@bp.post("/operator/charges/<charge_id>/dispute")
def open_dispute(charge_id: str) -> Response:
    """Contest a charge, as its cardholder."""
    with _change(charge_id, "charge") as (store, charge):
        _require(disputes.can_be_disputed(charge))
        disputes.create(store, charge)
    return _to("/operator/refunds")


@bp.post("/operator/disputes/<dispute_id>/<outcome>")
def close_dispute(dispute_id: str, outcome: str) -> Response:
    """Close a dispute as `won` or `lost`."""
    with _change(dispute_id, "dispute") as (store, dispute):
        _is_one_of(outcome, "won", "lost")
        _require(dispute["status"] in disputes.OPEN)
        disputes.close(store, dispute, won=outcome == "won")
    return _to("/operator/refunds")


@bp.post("/operator/accounts/<account_id>/payout")
def make_payout(account_id: str) -> Response:
    """Pay out everything that is available to an account."""
    store = current_store()
    scheduler.run_due(store)
    with store.transaction():
        try:
            payouts.create(store, account_id)
        except ApiError:
            abort(409)
    return _to("/operator/payouts")


@bp.post("/operator/payouts/<payout_id>/<outcome>")
def finish_payout(payout_id: str, outcome: str) -> Response:
    """Let a payout arrive (`paid`), or the bank send it back (`failed`)."""
    with _change(payout_id, "payout") as (store, payout):
        _is_one_of(outcome, "paid", "failed")
        _require(payout["status"] == "in_transit")
        if outcome == "paid":
            payouts.arrive(store, payout)
        else:
            payouts.fail(store, payout)
    return _to("/operator/payouts")


@bp.post("/operator/clock")
def advance_clock() -> Response:
    """Advance the clock of the sandbox by a step, or by days and hours."""
    step = _number("days", 0, 400, 0) * 86400 + _number("hours", 0, 23, 0) * 3600
    store = current_store()
    store.advance_clock(_number("seconds", 0, MAX_CLOCK_STEP, step))
    scheduler.run_due(store)
    return _to("/operator/conditions")


@bp.post("/operator/switches")
def set_troubles() -> Response:
    """Set the troubles of the network, of the API and of refunds, and what accounts can do."""
    store = current_store()
    kind, next_refund = request.form.get("api_fault", ""), request.form.get("next_refund", "")
    chosen = request.form.getlist("api_fault_endpoints")
    if kind not in ("", *troubles.KINDS) or next_refund not in NEXT_REFUND or not set(chosen) <= set(ENDPOINTS):
        abort(400)
    with store.transaction():
        for name in deliveries.FAULTS:
            store.set_setting(name, "on" if request.form.get(name) else "")
        for name in account.METHODS:
            store.set_setting(f"without_{name}", "" if request.form.get(f"method_{name}") else "on")
        store.set_setting("api_fault", kind)
        store.set_setting("api_fault_endpoints", "\n".join(chosen))
        store.set_setting("next_refund", next_refund)
        for name, least, greatest, default in (
            ("fault_percent", 1, 100, 100),
            ("api_fault_percent", 1, 100, 100),
            ("delay_seconds", 1, 86400, deliveries.DELAY_SECONDS),
            ("api_fault_seconds", 1, 120, troubles.SILENCE_SECONDS),
        ):
            store.set_setting(name, str(_number(name, least, greatest, default)))
    return _to("/operator/conditions")


@bp.post("/operator/events/<event_id>/send")
def resend_event(event_id: str) -> Response:
    """Deliver an event again."""
    store = current_store()
    _get_or_404(store, event_id, "event")
    deliveries.resend(store, event_id)
    return _to("/operator/deliveries")
