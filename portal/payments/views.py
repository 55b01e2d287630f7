"""The payer's pages and the provider's webhook_events. No page believes anything that stands in an address."""

from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.errors import Conflict
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.core.web import db
from portal.payments import labels, queries, rules
from portal.payments.actions import CheckoutOptions, receive_event, start_checkout, sync_payment
from portal.payments.models import Payment
from portal.payments.provider import InvalidSignature, MalformedEvent, ProviderRejected, ProviderUnavailable
from portal.payments.provider_accounts import NoPaymentAccount, active_account

bp = Blueprint("payments", __name__)
MAX_WEBHOOK_BYTES = 512 * 1024  # bytes


def register(app: Flask) -> None:
    """Add the pages; the provider's notices carry a signature in place of a CSRF token."""
    app.register_blueprint(bp)
    app.extensions["csrf"].exempt("portal.payments.views.stripe_webhook")


@bp.get("/pay/<public_id>")
@allow(PUBLIC)
def pay(public_id: str) -> str:
    """What is to pay, how, and where it stands."""
    return _page(queries.payment_by_public_id(db(), public_id))


@bp.post("/pay/<public_id>/start")
@allow(PUBLIC)
def start(public_id: str) -> AnyResponse:
    """Go to the provider's page."""
    options = CheckoutOptions(
        origin=current_city().origin,
        method=request.form.get("method", ""),
        language=current_language(),
        restart=request.form.get("restart") == "yes",
    )
    db().commit()  # whatever the request read so far: no transaction stays open while the provider is called
    try:
        return redirect(start_checkout(current_city().key, public_id, options), 303)
    except Conflict:
        return redirect(url_for("payments.pay", public_id=public_id), 303)


@bp.get("/pay/<public_id>/return")
@allow(PUBLIC)
def back(public_id: str) -> AnyResponse | str:
    """Back from the provider, with whatever outcome: ask the provider, then show where it stands."""
    payment = queries.payment_by_public_id(db(), public_id)
    db().commit()
    try:
        status = sync_payment(current_city().key, payment.id)
    except (ProviderUnavailable, ProviderRejected):
        return render_template("payments/checking.html", payment=payment)
    if status == "paid" and payment.next_path:
        return redirect(payment.next_path, 303)
    return redirect(url_for("payments.pay", public_id=public_id), 303)


@bp.post("/webhooks/stripe")
@allow(PUBLIC)
def stripe_webhook() -> Response:
    """Keep a notice: 200 once it is written down (also when it was here before), 400 if it is not the provider's or no notice."""
    if (request.content_length or 0) > MAX_WEBHOOK_BYTES:
        return _plain_text("event too large", 413)
    try:
        is_new = receive_event(db(), request.get_data(), request.headers.get("Stripe-Signature", ""))
    except NoPaymentAccount:
        return _plain_text("no payment account", 404)
    except InvalidSignature:
        return _plain_text("invalid signature", 400)
    except MalformedEvent:
        return _plain_text("malformed event", 400)
    return _plain_text("stored" if is_new else "duplicate", 200)


def _plain_text(text: str, status: int) -> Response:
    """An answer for a machine and whoever reads its log."""
    return Response(f"{text}\n", status, mimetype="text/plain")


def _page(payment: Payment) -> str:
    session = db()
    choices: list[tuple[str, str, str]] = []
    if payment.status in rules.PAYABLE:
        account = active_account(session)
        usable = rules.usable_methods(account.methods, payment.amount)
        choices = labels.method_choices(usable, account.konbini_days, now() + timedelta(days=account.konbini_days))
    return render_template(
        "payments/pay.html",
        payment=payment,
        attempt=queries.latest_attempt(session, payment.id),
        choices=choices,
        refunds=queries.refunds_of(session, payment.id),
        failure_text=labels.failure_text,
        method_name=labels.method_name,
        stores=labels.STORES,
        voucher_ends=_voucher_end,
    )


def _voucher_end(voucher: dict[str, str]) -> datetime:
    return datetime.fromisoformat(voucher["expires_at"])
