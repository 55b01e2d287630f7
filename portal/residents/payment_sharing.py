"""Having somebody else pay (代理納付): a link to chosen fees, which shows their names and amounts; made, shown once, and ended."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.tenancy import current_city
from portal.core.text import LANGUAGES, _, pick
from portal.core.web import db
from portal.payments import MadeLink, end_payment_link, made_links, make_payment_link
from portal.procedures import definition_of
from portal.residents import quotas, visitor_access
from portal.residents.basket import BasketEntry, basket_entries, payable_cases
from portal.residents.blueprint import bp
from portal.residents.forms import PaymentLinkForm
from portal.residents.qr_code import qr_code


@bp.get("/me/pay-link")
@allow(PUBLIC)
def payment_link() -> str:
    """What a link to these fees would show, and the links that are open now."""
    entries = basket_entries(db(), payable_cases(db()))
    return _page(entries, _chosen(entries, request.args.getlist("charge")))


@bp.post("/me/pay-link")
@allow(PUBLIC)
def share_payment() -> str | tuple[str, int]:
    """Make the link and show it, once. The one that was made for the same fees before ends."""
    quotas.before_link()
    entries = basket_entries(db(), payable_cases(db()))
    chosen = _chosen(entries, PaymentLinkForm().charge.data)
    try:
        token = make_payment_link(db(), _titles(chosen), _actor())
    except Conflict as fault:
        return _page(entries, chosen, fault=fault.message), 409
    return _page(entries, chosen, address=current_city().origin + url_for("residents.pay_for", token=token))


@bp.post("/me/pay-link/<int:link_id>/end")
@allow(PUBLIC)
def end_link(link_id: int) -> Response:
    """Let a link lead nowhere any more. Pressing twice is no fault."""
    entries = basket_entries(db(), payable_cases(db()))
    if link_id not in [link.id for link in _links(entries)]:
        raise NotFound
    end_payment_link(db(), link_id, _actor())
    return redirect(url_for("residents.payment_link", charge=PaymentLinkForm().charge.data), 303)


def _actor() -> Actor:
    return Actor("applicant", visitor_access.account_id())


def _chosen(entries: Sequence[BasketEntry], keys: Sequence[str]) -> list[BasketEntry]:
    return [entry for entry in entries if entry.can_be_chosen and str(entry.key) in keys]


def _links(entries: Sequence[BasketEntry]) -> list[MadeLink]:
    return made_links(db(), [charge.id for entry in entries for charge in entry.payment.charges])


def _titles(chosen: Sequence[BasketEntry]) -> Mapping[int, Mapping[str, str]]:
    """What a link shows of each charge beside the amount: the procedure and the fee, and neither numbers nor how the amount came about."""
    titles = {}
    for entry in chosen:
        procedure = definition_of(db(), entry.case.version_id).title
        for charge in entry.payment.charges:
            titles[charge.id] = {
                language: _title(procedure.for_language(language), pick(charge.title, language))
                for language in LANGUAGES
            }
    return titles


def _title(procedure: str, fee: str) -> str:
    return fee if procedure in fee else f"{procedure} {fee}"


def _page(entries: list[BasketEntry], chosen: list[BasketEntry], *, address: str = "", fault: str = "") -> str:
    titles = _titles(chosen)
    lines = [(pick(titles[charge.id]), charge.due) for entry in chosen for charge in entry.payment.charges]
    subject, body = quote(_("{city}の料金の支払いのお願い", city=current_city().in_words)), quote(address)
    return render_template(
        "residents/payment_link.html",
        chosen=chosen,
        lines=lines,
        total=sum(amount for _title, amount in lines),
        address=address,
        mail=f"mailto:?subject={subject}&body={body}",
        qr=qr_code(address, _("支払いのリンクのQRコード")) if address else "",
        links=[(link, _amount(entries, link)) for link in _links(entries)],
        fault=fault,
    )


def _amount(entries: Sequence[BasketEntry], link: MadeLink) -> int:
    charges = [charge for entry in entries for charge in entry.payment.charges]
    return sum(charge.due for charge in charges if charge.id in link.charge_ids)
