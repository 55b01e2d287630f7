"""The fee of a case as frozen when it was sent, and what becomes of it: asked for, called off, given back."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from forms import Fee
from portal.cases.models import CaseFile
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor
from portal.core.text import _
from portal.payments import actions as payments
from portal.payments.models import Payment
from portal.payments.queries import payments_of, refundable
from portal.payments.rules import PAYABLE


def fee_record(fee: Fee) -> dict[str, Any]:
    """What the case keeps: every line with its id and its words in every language, and the yen due at submission and at approval.

    Cases of before the lines had ids keep their words as plain strings, in the language of the applicant.
    """
    return {**fee.as_dict(), "due": {"submission": fee.due("submission"), "approved": fee.due("approved")}}


def renewed(before: dict[str, Any], fee: Fee) -> dict[str, Any]:
    """The record after a correction: what was due at submission stays as it was frozen, what is due at approval is anew."""
    after = fee_record(fee)
    kept = [line for line in before["lines"] if line["when"] == "submission"]
    lines = kept + [line for line in after["lines"] if line["when"] == "approved"]
    due = {"submission": before["due"]["submission"], "approved": after["due"]["approved"]}
    return {"lines": lines, "total": sum(due.values()), "due": due}


def open_fee(session: Session, case: CaseFile, moment: str) -> Payment:
    """Ask for what is due at that moment (`submission` or `approved`), line by line."""
    lines = [
        payments.Line(line["label"], line["amount"], line["explanation"], id=line.get("id", ""))
        for line in case.fee["lines"]
        if line["when"] == moment and line["amount"]
    ]
    title = f"{case.title} {case.number}"
    page = (
        "done" if moment == "submission" else "me/cases"
    )  # the receipt of the application, or the case as it now stands
    return payments.open_payment(
        session, case.id, lines, title=title, purpose=moment, next_path=f"/{page}/{case.public_id}"
    )


def cancel_open_fees(session: Session, case: CaseFile) -> None:
    """Nothing is owed any more for a case that was refused or withdrawn."""
    for payment in payments_of(session, case.id):
        if payment.status in PAYABLE:
            payments.cancel_payment(session, payment.id)


def paid_for(session: Session, made: Iterable[Payment]) -> list[tuple[Payment, int]]:
    """Of a case's payments those from which something can still be given back, each with those yen."""
    left = [(payment, refundable(session, payment)) for payment in made if payment.status in {"paid", "needs_review"}]
    return [(payment, yen) for payment, yen in left if yen > 0]


def give_back(session: Session, case: CaseFile, actor: Actor, reason: str, amount: int | None = None) -> None:
    """Give back `amount` yen, of the newest payment first, or all that was paid.

    With a refusal the city's own rule asks for it, so no second person is needed; a clerk's own wish may need one.
    Raises Conflict when a clerk asks and nothing was paid, Invalid for more than was paid.
    """
    owed = paid_for(session, payments_of(session, case.id))
    by_rule = amount is None and case.status == "no" and actor.kind != "applicant"
    if not owed and amount is not None:
        raise Conflict(_("返金できる支払いがありません。"))
    total = sum(left for _payment, left in owed)
    rest = total if amount is None else amount
    if owed and not 0 < rest <= total:
        limit = _("返金は、1円から{most}円までにしてください。", most=f"{total:,}")
        raise Invalid(limit, {"amount": limit})
    for payment, left in owed:
        part = min(left, rest)
        if part > 0:
            payments.request_refund(session, payment.id, part, reason, actor=SYSTEM if by_rule else actor)
        rest -= part
