"""The hosted Checkout page, to which the payer is redirected."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from madoguchi_sandbox import charges, intents, konbini, scheduler, sessions
from madoguchi_sandbox.api import base_url, current_store
from madoguchi_sandbox.cards import CARDS, card_by_number
from madoguchi_sandbox.store import JsonObject, Store

bp = Blueprint("pages", __name__, url_prefix="/c")


def _get_session(store: Store, session_id: str) -> JsonObject:
    scheduler.run_due(store)
    session = store.find(session_id)
    if session is None or session["object"] != "checkout.session":
        abort(404)
    return session


def _checkout_page(
    store: Store, session: JsonObject, *, error: str = "", method: str = "", status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "checkout.html",
        session=session,
        items=store.private_data(session["id"])["line_items"],
        cards=CARDS.values(),
        error=error,
        method=method or session["payment_method_types"][0],
        posted=request.form,
        email=request.form.get("email") or session["customer_email"] or "",
    )
    return page, status


def _closed_page(session: JsonObject) -> tuple[str, int]:
    """Return the page of a session that is complete or expired."""
    return render_template("closed.html", session=session), 410


@bp.get("/pay/<session_id>")
def checkout(session_id: str) -> tuple[str, int]:
    """Show the checkout page of a session."""
    store = current_store()
    session = _get_session(store, session_id)
    return _checkout_page(store, session) if session["status"] == "open" else _closed_page(session)


@bp.post("/pay/<session_id>/card")
def pay_by_card(session_id: str) -> Response | tuple[str, int]:
    """Charge a test card."""
    store = current_store()
    with store.transaction():
        session = _get_session(store, session_id)
        if session["status"] != "open":
            return _closed_page(session)
        if "card" not in session["payment_method_types"]:
            abort(404)
        card = card_by_number(request.form.get("number", ""))
        intent = intents.get_or_create(store, session, request.form.get("email", ""))
        if card is None or card.decline:
            intent = intents.decline(store, intent, card)
            return _checkout_page(
                store, session, error=intent["last_payment_error"]["message"], method="card", status=402
            )
        _remember_payer(store, session)
        intents.succeed(store, intent, charges.card_details(card), refund=card.refund)
        sessions.complete(store, session, paid=True)
    return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id), 303)


@bp.post("/pay/<session_id>/konbini")
def pay_by_konbini(session_id: str) -> Response | tuple[str, int]:
    """Issue a voucher."""
    store = current_store()
    with store.transaction():
        session = _get_session(store, session_id)
        if session["status"] != "open":
            return _closed_page(session)
        if "konbini" not in session["payment_method_types"]:
            abort(404)
        email = request.form.get("email", "").strip()
        if "@" not in email or not request.form.get("name", "").strip():
            return _checkout_page(
                store, session, error="名前とメールアドレスを入力してください。", method="konbini", status=400
            )
        _remember_payer(store, session)
        intent = konbini.issue_voucher(store, session, email, base_url())
    return redirect(f"/c/voucher/{intent['id']}", 303)


def _remember_payer(store: Store, session: JsonObject) -> None:
    session["customer_details"] = {
        "address": None,
        "email": request.form.get("email") or session["customer_email"],
        "name": request.form.get("name") or None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    store.save(session)


@bp.get("/voucher/<intent_id>")
def voucher(intent_id: str) -> str:
    """Show the numbers to enter at the store's terminal, and the deadline."""
    store = current_store()
    scheduler.run_due(store)
    intent = store.find(intent_id)
    if intent is None or intent["object"] != "payment_intent":
        abort(404)
    session = store.get(store.private_data(intent_id)["session"])
    back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    details = (intent["next_action"] or {}).get("konbini_display_details")
    return render_template("voucher.html", intent=intent, session=session, details=details, back=back)
