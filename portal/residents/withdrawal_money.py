"""What taking an application back does to the money that was paid for it, as the procedure's own workflow has it."""

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, moves, refundable_amount
from portal.core.text import _, yen
from portal.payments import payments_of_case


def money_after_withdrawal(database: Session, case: Case, definition: Definition) -> str:
    """Return in a sentence what goes back when the application is taken back now; empty where the city has nothing of it to give back."""
    paid = refundable_amount(database, payments_of_case(database, case.id))
    if not paid:
        return ""
    options = moves.available(case, definition, ("applicant",), refundable=paid)
    effects = next((option.effects for option in options if option.id == "withdraw"), None)
    back = min(paid, max(effects.refund, effects.deposit)) if effects else 0
    if not back:
        return _("この手続きでは、取り下げても、支払った{amount}はお返しできません。", amount=yen(paid))
    if back < paid:
        return _(
            "支払った{paid}のうち、{back}をお返しします。残りは、お返しできません。", paid=yen(paid), back=yen(back)
        )
    return _("支払った{amount}は、お返しします。", amount=yen(paid))
