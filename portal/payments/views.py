"""The payer's pages and the provider's webhook. No page trusts anything in a URL."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import PUBLIC, allow
from portal.core.clock import local_date, now, today
from portal.core.errors import Conflict, Unavailable
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import commit_before_call, db
from portal.payments import labels, queries, rules
from portal.payments.awaited_transfers import awaited_transfer
from portal.payments.baskets import current_order
from portal.payments.checkout import CheckoutOptions, start_checkout, stop_transfer
from portal.payments.forms import StartForm
from portal.payments.gateway import SIGNATURE_HEADER, WEBHOOK_PATH
from portal.payments.listeners import names_of_cases
from portal.payments.models import Order, Refund
from portal.payments.provider import (
    UNAVAILABLE_MESSAGE,
    InvalidSignature,
    MalformedEvent,
    ProviderRejected,
    ProviderUnavailable,
)
from portal.payments.provider_accounts import NoPaymentAccount, active_account
from portal.payments.settlement import charges_of_order
from portal.payments.sync import sync_payment
from portal.payments.webhook_events import receive_event

bp = Blueprint("payments", __name__)
MAX_WEBHOOK_BYTES = 512 * 1024


def register(app: Flask) -> None:
    """Add the pages; webhook events carry a signature in place of a CSRF token."""
    app.register_blueprint(bp)
    app.extensions["csrf"].exempt("portal.payments.views.receive_webhook")


@bp.get("/pay/<public_id>")
@allow(PUBLIC)
def pay(public_id: str) -> AnyResponse | str:
    """What is to be paid, by which methods, and its status."""
    order = queries.order_by_public_id(db(), public_id)
    current = current_order(db(), order)
    if current is not order:
        return redirect(url_for("payments.pay", public_id=current.public_id), 303)
    return _page(order)


@bp.post("/pay/<public_id>/start")
@allow(PUBLIC)
def start(public_id: str) -> AnyResponse | tuple[str, int]:
    """Redirect to the provider's page; while the provider is away, say so on the page of the payment, which stays payable."""
    form = StartForm()
    options = CheckoutOptions(
        origin=current_city().origin,
        method=form.method.data,
        language=current_language(),
        restart=form.restart.data == "yes",
    )
    commit_before_call()
    try:
        return redirect(start_checkout(current_city().key, public_id, options), 303)
    except Conflict:
        return redirect(url_for("payments.pay", public_id=public_id), 303)
    except Unavailable as fault:
        return _page(queries.order_by_public_id(db(), public_id), _(fault.message)), 503


@bp.post("/pay/<public_id>/stop")
@allow(PUBLIC)
def stop(public_id: str) -> AnyResponse | tuple[str, int]:
    """Call off a bank transfer of which nothing has come; the payment can then be paid otherwise."""
    commit_before_call()
    try:
        stop_transfer(current_city().key, public_id)
    except Conflict as fault:
        return _page(queries.order_by_public_id(db(), public_id), fault.message), 409
    except (ProviderUnavailable, ProviderRejected):
        return _page(queries.order_by_public_id(db(), public_id), _(UNAVAILABLE_MESSAGE)), 503
    return redirect(url_for("payments.pay", public_id=public_id), 303)


@bp.get("/pay/<public_id>/return")
@allow(PUBLIC)
def back(public_id: str) -> AnyResponse | str:
    """Return from the provider, whatever happened there: ask the provider, then show the status."""
    order = queries.order_by_public_id(db(), public_id)
    commit_before_call()
    try:
        status = sync_payment(current_city().key, order.id)
    except (ProviderUnavailable, ProviderRejected):
        return render_template("payments/checking.html", again=url_for("payments.back", public_id=public_id))
    if status == "paid" and order.next_path:
        return redirect(order.next_path, 303)
    return redirect(url_for("payments.pay", public_id=public_id), 303)


@bp.post(WEBHOOK_PATH)
@allow(PUBLIC)
def receive_webhook() -> Response:
    """Store an event: 200 once it is stored (also for a duplicate), 400 for a wrong signature or another format."""
    if (request.content_length or 0) > MAX_WEBHOOK_BYTES:
        return _plain_text("event too large", 413)
    try:
        is_new = receive_event(db(), request.get_data(), request.headers.get(SIGNATURE_HEADER, ""))
    except NoPaymentAccount:
        return _plain_text("no payment account", 404)
    except InvalidSignature:
        return _plain_text("invalid signature", 400)
    except MalformedEvent:
        return _plain_text("malformed event", 400)
    return _plain_text("stored" if is_new else "duplicate", 200)


def _plain_text(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _goes_back(order: Order, refunds: Sequence[Refund]) -> bool:
    """Whether all that is left of what was paid is on its way back."""
    under_way = [each for each in refunds if each.status in rules.REFUND_UNDER_WAY and not each.duplicate]
    returning = sum(each.amount for each in under_way if each.grounds != rules.SURPLUS_OF_TRANSFERS)
    return order.status == "paid" and 0 < order.net_received <= returning


def _page(order: Order, fault: str = "") -> str:
    session = db()
    form = StartForm(formdata=None)
    form.method.choices = []
    charges = charges_of_order(session, order.id)
    names = names_of_cases(session, {charge.case_id for charge in charges})
    abouts = {charge.id: names.get(charge.case_id, charge.about) for charge in charges}
    if order.is_payable:
        account = active_account(session)
        limits = [(abouts[charge.id], charge.methods) for charge in charges]
        methods = rules.usable_methods(account.methods, order.amount, limits)
        days = rules.voucher_days(account.konbini_days, (charge.pay_by for charge in charges), today())
        form.method.choices = labels.method_choices(methods, days, now() + timedelta(days=days))
        form.method.data = methods[0] if methods else ""
    refunds = queries.refunds_of_order(session, order.id)
    return render_template(
        "payments/pay.html",
        order=order,
        fault=fault,
        charges=charges,
        pay_by=min((day for charge in charges if (day := charge.demand_by or charge.pay_by)), default=None),
        local_date=local_date,
        abouts=abouts,
        attempt=queries.latest_attempt(session, order.id),
        awaited=awaited_transfer(session, order.id),
        form=form,
        refunds=refunds,
        goes_back=_goes_back(order, refunds),
        failure_text=labels.failure_text,
        method_name=labels.method_name,
        stores=labels.STORES,
    )
