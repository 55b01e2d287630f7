"""What taking an application back, or its refusal, does to the money that was paid for it."""

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, money_back, moves, refundable_amount
from portal.core.text import _, sentences, yen
from portal.payments import payments_of_case


def money_after_withdrawal(database: Session, case: Case, definition: Definition) -> str:
    """Return in a sentence what goes back when the application is taken back now, and that an account is asked for where it was paid
    in cash at a store; empty where the city has nothing of it to give back.
    """
    payments = payments_of_case(database, case.id)
    paid = refundable_amount(database, payments)
    if not paid:
        return ""
    options = moves.available(case, definition, ("applicant",), refundable=paid)
    effects = next((option.effects for option in options if option.id == "withdraw"), None)
    back = min(paid, max(effects.refund, effects.deposit)) if effects else 0
    if not back:
        return _("この手続きでは、取り下げても、支払った{amount}はお返しできません。", amount=yen(paid))
    if back < paid:
        words = _(
            "支払った{paid}のうち、{back}をお返しします。残りは、お返しできません。", paid=yen(paid), back=yen(back)
        )
    else:
        words = _("支払った{amount}は、お返しします。", amount=yen(paid))
    by_store = any(payment.net_received and payment.method == "konbini" for payment in payments)
    account = _("コンビニで支払ったお金は、口座に振り込みます。取り下げたあと、口座をおたずねするメールが届きます。")
    return sentences((words, account if by_store else ""))


def money_after_end(database: Session, case: Case, kind: str) -> str:
    """Return in sentences what becomes of what was paid for a case that was withdrawn or refused; `kind` is that of its state."""
    if kind == "withdrawn":
        return money_back(database, case).words_after_withdrawal
    return money_back(database, case).words if kind == "refused" else ""
