"""The choice of how an amount is paid online, as a field of residents' forms."""

from portal.core.text import _
from portal.core.web import db
from portal.payments import NoPaymentAccount, offered_methods
from portal.residents.forms import PaymentMethodForm


def payment_form(amount: int) -> PaymentMethodForm:
    """How this amount can be paid online, the first method chosen; no method when the city has no payment account."""
    texts = {
        "card": (_("クレジットカード"), _("すぐに受付が終わります")),
        "konbini": (_("コンビニ"), _("番号を使って、お店で支払います")),
        "paypay": ("PayPay", _("アプリが開きます。すぐに受付が終わります")),
    }
    methods = _methods(amount)
    form = PaymentMethodForm(formdata=None, method=methods[0] if methods else "")
    form.method.choices = [(method, texts[method][0], {"note": texts[method][1]}) for method in methods]
    return form


def _methods(amount: int) -> list[str]:
    """How this amount can be paid online; nothing when the city has no payment account."""
    if not amount:
        return []
    try:
        return offered_methods(db(), amount)
    except NoPaymentAccount:
        return []
