"""The choice of how an amount is paid online, as a field of residents' forms."""

from collections.abc import Iterable, Sequence

from forms.definition.fee import METHOD_LIMITS
from portal.core.text import _, yen
from portal.core.web import db
from portal.payments import Charge, NoPaymentAccount, absent_methods, method_name, offered_methods
from portal.residents.forms import PaymentMethodForm

Limit = tuple[str, Sequence[str]]
"""What is paid for, and the methods by which it may be paid online; none: all."""


def payment_form(amount: int, limits: Iterable[Limit] = (), chosen: str | None = None) -> PaymentMethodForm:
    """How this amount can be paid online, the method chosen before or the first one chosen; no method when the city has no payment account."""
    form = PaymentMethodForm(formdata=None)
    methods = offer_methods(form, amount, limits)
    form.method.data = chosen if chosen in methods else next(iter(methods), "")
    return form


def limits_of(charges: Iterable[Charge]) -> list[Limit]:
    """The limits of charges, each named by what it is for."""
    return [(charge.about, charge.methods) for charge in charges]


def offer_methods(form: PaymentMethodForm, amount: int, limits: Iterable[Limit] = ()) -> list[str]:
    """Let a form offer the methods by which this amount can be paid online, and say why it offers no others; return what it offers."""
    texts = {
        "card": (_("クレジットカード"), _("すぐに受付が終わります")),
        "konbini": (_("コンビニ"), _("番号を使って、お店で支払います")),
        "paypay": ("PayPay", _("アプリが開きます。すぐに受付が終わります")),
        "bank_transfer": (_("銀行振込"), _("この支払いのための口座に振り込みます。届いた日に受付が終わります")),
    }
    methods, form.absent = _methods(amount, list(limits))
    form.method.choices = [(method, texts[method][0], {"note": texts[method][1]}) for method in methods]
    return methods


def _methods(amount: int, limits: list[Limit]) -> tuple[list[str], list[str]]:
    """What is offered, and sentences about the rest; nothing when the city has no payment account."""
    if not amount:
        return [], []
    try:
        absent = absent_methods(db(), amount, limits)
        return offered_methods(db(), amount, limits), [_absence(each.method, each.title) for each in absent]
    except NoPaymentAccount:
        return [], []


def _absence(method: str, title: str) -> str:
    if title:
        return _("{method}：「{title}」は、この方法で支払えません。", method=method_name(method), title=title)
    least, most = METHOD_LIMITS[method]  # type: ignore[index] # only methods with limits are offered or absent
    return _(
        "{method}：1回に支払えるのは、{least}から{most}までです。",
        method=method_name(method),
        least=yen(least),
        most=yen(most),
    )
