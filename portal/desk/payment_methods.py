"""By which methods each fee of the city is paid online: what the city offers, within what the procedure's definition says. Only to read."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from forms.definition.fee import METHOD_LIMITS, FeeRule
from portal.core.access import allow, right
from portal.core.text import pick
from portal.core.web import db
from portal.payments import method_name, method_settings
from portal.procedures import offers

bp = Blueprint("desk_payment_methods", __name__, url_prefix="/desk/payments/methods")


@dataclass(frozen=True)
class FeeMethods:
    """One fee of a procedure that takes applications: the methods by which it is paid online, and whether its definition chooses them.

    `absent` are those of the city by which it is not paid, because the definition leaves them out or the amount is not within what they take.
    """

    department: str
    procedure: str
    fee: str
    methods: list[str]
    absent: list[str]
    is_chosen: bool


@bp.get("")
@allow(right("payment.settings"))
def overview() -> str:
    """Every fee, department by department."""
    settings = method_settings(db())
    rows = [
        _row(pick(offer.department, "ja"), offer.definition.title.ja, rule, settings.online)
        for offer in offers(db())
        for rule in offer.definition.fee
    ]
    return render_template(
        "desk/payment_methods.html",
        rows=sorted(rows, key=lambda row: row.department),
        offline=[method_name(name) for name in settings.offline],
    )


def _row(department: str, procedure: str, rule: FeeRule, online: tuple[str, ...]) -> FeeMethods:
    methods = [name for name in online if (not rule.methods or name in rule.methods) and _takes(name, rule.amount)]
    return FeeMethods(
        department,
        procedure,
        rule.label.ja,
        [method_name(name) for name in methods],
        [method_name(name) for name in online if name not in methods],
        bool(rule.methods),
    )


def _takes(method: str, amount: str) -> bool:
    """Whether a method takes an amount; one that depends on the application is judged when it is known."""
    least, most = next(limits for name, limits in METHOD_LIMITS.items() if name == method)
    return not amount.strip().isdecimal() or least <= int(amount) <= most
