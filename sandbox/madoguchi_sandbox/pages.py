"""The hosted Checkout page, to which the payer is redirected."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from madoguchi_sandbox import charges, disputes, intents, konbini, scheduler, sessions, transfers
from madoguchi_sandbox.calls import base_url, current_store
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
            code = card.decline if card else "unknown_card"
            intent = intents.decline(store, intent, charges.card_details(card), code)
            return _checkout_page(
                store, session, error=intent["last_payment_error"]["message"], method="card", status=402
            )
        _remember_payer(store, session)
        intents.succeed(store, intent, charges.card_details(card), refund=card.refund)
        sessions.complete(store, session, paid=True)
        if card.disputed:
            disputes.create(store, store.get(intent["latest_charge"]))
    return redirect(_return_url(session), 303)


@bp.post("/pay/<session_id>/paypay")
def pay_by_paypay(session_id: str) -> Response | tuple[str, int]:
    """Pay by PayPay, or step back in its app."""
    store = current_store()
    with store.transaction():
        session = _get_session(store, session_id)
        if session["status"] != "open":
            return _closed_page(session)
        if "paypay" not in session["payment_method_types"]:
            abort(404)
        intent = intents.get_or_create(store, session, request.form.get("email", ""))
        if request.form.get("outcome") == "decline":
            intent = intents.decline(store, intent, charges.paypay_details(), "paypay_declined")
            return _checkout_page(
                store, session, error=intent["last_payment_error"]["message"], method="paypay", status=402
            )
        _remember_payer(store, session)
        intents.succeed(store, intent, charges.paypay_details())
        sessions.complete(store, session, paid=True)
    return redirect(_return_url(session), 303)


@bp.post("/pay/<session_id>/transfer")
def pay_by_transfer(session_id: str) -> Response | tuple[str, int]:
    """Give the payer an account to transfer to."""
    store = current_store()
    with store.transaction():
        session = _get_session(store, session_id)
        if session["status"] != "open":
            return _closed_page(session)
        if "customer_balance" not in session["payment_method_types"]:
            abort(404)
        _remember_payer(store, session)
        intent = transfers.await_transfer(store, session, request.form.get("email", ""), base_url())
    return redirect(f"/c/transfer/{intent['id']}", 303)


def _return_url(session: JsonObject) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


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
    intent, session = _intent_with_session(intent_id)
    details = (intent["next_action"] or {}).get("konbini_display_details")
    return render_template("voucher.html", intent=intent, session=session, details=details, back=_return_url(session))


@bp.get("/transfer/<intent_id>")
def transfer(intent_id: str) -> str:
    """Show the account to transfer to, and how much is still due."""
    intent, session = _intent_with_session(intent_id)
    details = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
    return render_template("transfer.html", intent=intent, session=session, details=details, back=_return_url(session))


def _intent_with_session(intent_id: str) -> tuple[JsonObject, JsonObject]:
    store = current_store()
    scheduler.run_due(store)
    intent = store.find(intent_id)
    if intent is None or intent["object"] != "payment_intent":
        abort(404)
    return intent, store.get(store.private_data(intent_id)["session"])
