"""The pages of somebody who pays for somebody else by a link (代理納付): the names and amounts of fees, and nothing of whom they are for.

They know no account. What was begun here is kept in the visit, with a mark by which the payment knows the browser: a voucher's numbers
show to nobody but the one who took it, and whoever opens the provider's page has it to themselves for a while.
"""

import secrets
from datetime import timedelta

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, url_for
from flask import session as visit
from werkzeug.wrappers import Response

from portal.core import limits
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Invalid, NotFound, Unavailable
from portal.core.limits import Count, Limit
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, pick, yen
from portal.core.web import commit_before_call, db
from portal.identity import normal_email, throttle
from portal.payments import (
    STORES,
    CheckoutOptions,
    OpenLink,
    ProviderRejected,
    ProviderUnavailable,
    gather_charges,
    open_payment_link,
    orders_of_link,
    start_checkout,
    sync_payment,
)
from portal.residents.blueprint import bp
from portal.residents.forms import PayerForm
from portal.residents.payment_choice import offer_methods

_BEGUN, _MARK = "pay-for", "pay-for-mark"
_STARTS = Limit("pay-for", 30, timedelta(hours=1))
"""How often the provider's page may be opened by one link."""


@bp.get("/pay-for/<token>")
@allow(PUBLIC)
def pay_for(token: str) -> FlaskResponse:
    """What there is to pay, or how far it is. Opening the page does nothing, because mail scanners do."""
    link = _link(token)
    return _gone() if link is None else _page(token, link, PayerForm(formdata=None))


@bp.post("/pay-for/<token>")
@allow(PUBLIC)
def start_paying_for(token: str) -> Response:
    """On to the provider, for the sum that the page showed; when it is another by now, that is shown first."""
    link = _link(token)
    if link is None or link.has_ended:
        return _gone()
    form = PayerForm()
    is_replaced = form.restart.data == "yes" and link.live is not None and link.live.is_mine and _has_begun(link)
    if not link.to_pay or (link.live is not None and link.live.status == "pending" and not is_replaced):
        return _back(token)
    if link.live is not None and link.live.held_until:
        return _page(token, link, form, status=409)
    if form.total.data != str(link.amount):
        message = _("合計は{amount}です。確かめてから、もう一度押してください。", amount=yen(link.amount))
        return _page(token, link, form, fault=message, status=409)
    try:
        email = normal_email(form.email.data) if form.email.data else ""
    except Invalid as fault:
        form.email.errors = [fault.message]
        return _page(token, link, form, status=422)
    limits.count(current_city().key, Count(_STARTS, str(link.id)))
    visit[_BEGUN] = sorted({*visit.get(_BEGUN, []), link.id})
    visit.setdefault(_MARK, secrets.token_urlsafe(16))
    options = CheckoutOptions(
        origin=current_city().origin,
        method=form.method.data or "",
        language=current_language(),
        restart=is_replaced,
        link_id=link.id,
        holder=visit[_MARK],
        return_path=url_for("residents.pay_for", token=token),
        payer={"email": email, "language": current_language()} if email else None,
    )
    commit_before_call()
    try:
        charge_ids = [line.charge_id for line in link.to_pay]
        order = gather_charges(current_city().key, charge_ids, next_path="/me/payments/{order}")
        return redirect(start_checkout(current_city().key, order, options), 303)
    except Conflict:
        return _back(token)
    except Unavailable:  # its own words speak of an application, of which whoever pays here knows nothing
        message = _("いま、支払いができません。お金は動いていません。15分後に、このページからもう一度お試しください。")
        return _page(token, link, form, fault=message, status=503)


@bp.get("/pay-for/<token>/return")
@allow(PUBLIC)
def back_from_paying_for(token: str) -> Response:
    """Return from the provider, whatever happened there: ask the provider, then show how far it is."""
    link = _link(token)
    if link is None:
        return _gone()
    orders = orders_of_link(db(), link.id)
    commit_before_call()
    try:
        for order_id in orders:
            sync_payment(current_city().key, order_id)
    except (ProviderUnavailable, ProviderRejected):
        again = url_for("residents.back_from_paying_for", token=token)
        return _unlisted(render_template("payments/checking.html", again=again))
    return _back(token)


def _link(token: str) -> OpenLink | None:
    """What the link leads to; None where it has ended, unless this visit began to pay by it, or never was."""
    attempt = throttle.limit_link()
    try:
        link = open_payment_link(db(), token, visit.get(_MARK, ""))
    except NotFound:
        return None
    attempt.refund()
    return None if link.has_ended and not _has_begun(link) else link


def _has_begun(link: OpenLink) -> bool:
    return link.id in visit.get(_BEGUN, [])


def _back(token: str) -> Response:
    return redirect(url_for("residents.pay_for", token=token), 303)


def _gone() -> FlaskResponse:
    return _unlisted(render_template("residents/pay_for.html", stage="gone"), 404)


def _page(token: str, link: OpenLink, form: PayerForm, *, fault: str = "", status: int = 200) -> FlaskResponse:
    chosen = form.method.data
    methods = offer_methods(form, link.amount, [(pick(line.title), line.methods) for line in link.to_pay])
    form.method.data = chosen if chosen in methods else next(iter(methods), "")
    page = render_template(
        "residents/pay_for.html",
        stage=_stage(link),
        token=token,
        link=link,
        form=form,
        fault=fault,
        begun=_has_begun(link),
        stores=STORES,
        page_errors=form.summary,
    )
    return _unlisted(page, status)


def _stage(link: OpenLink) -> str:
    """open | pending | review | paid | returned | over: what the page speaks of, the most pressing first."""
    if link.live is not None and link.live.status == "pending":
        return "pending"
    if link.to_pay:
        return "over" if link.has_ended else "open"
    statuses = {line.status for line in link.lines}
    stages = {"review": "review", "paid": "paid", "refunded": "returned"}
    return next((stage for status, stage in stages.items() if status in statuses), "over")


def _unlisted(page: str, status: int = 200) -> FlaskResponse:
    """A page that search engines leave out, and that nobody finds in a shared cache."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
