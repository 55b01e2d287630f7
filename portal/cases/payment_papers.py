"""Papers about the payments of a case: which there can be, and what they say, in the reader's language."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.parties import parties_of
from portal.core.clock import local_date
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.locking import lock_row
from portal.core.tenancy import city as city_by_key
from portal.core.text import _, current_language, pick, using_language
from portal.documents import Document, Line, Paper, issues_receipts, request_document
from portal.identity import get_department
from portal.payments import (
    Payment,
    method_name,
    offline_methods,
    payments_of_case,
    payments_of_cases,
    payments_of_order,
    slip_reference,
)
from portal.procedures import definition_of

ALL = "all"
"""In place of a payment's public id: everything that was paid for the case."""
_OF_PAID = ("payment_details", "payment_confirmation", "receipt")


@dataclass(frozen=True)
class PossiblePaper:
    """A paper that can be made now: its kind, and the public id of the payment it is about, or `ALL`."""

    kind: str
    payment: str
    about: str


def possible_papers(session: Session, case: Case) -> list[PossiblePaper]:
    """Return the papers that can be made of the payments of a case now."""
    payments = payments_of_case(session, case.id)
    paid = [payment for payment in payments if _is_paid(payment)]
    kinds = [kind for kind in _OF_PAID if kind != "receipt" or issues_receipts(session)]
    payable = [payment for payment in payments if _has_slip(session, payment)]
    papers = [PossiblePaper("payment_slip", payment.public_id, payment.title) for payment in payable]
    papers += [PossiblePaper(kind, payment.public_id, payment.title) for payment in paid for kind in kinds]
    if len(paid) > 1:
        papers += [PossiblePaper(kind, ALL, _("この申請のすべての支払い")) for kind in kinds]
    return papers


def request_payment_paper(
    session: Session, case: Case, kind: str, payment_id: str, actor: Actor, *, language: str | None = None
) -> Document:
    """Return the document about a payment of the case (by its public id, or `ALL`), in a language or the reader's; the worker makes a new one.

    Raises NotFound for a payment of another case or an unknown kind, Conflict for a paper that there cannot be now.
    """
    lock_row(
        session, Case, Case.id == case.id
    )  # of two requests for the same paper, the second finds what the first made
    payments = payments_of_case(session, case.id)
    if payment_id != ALL and payment_id not in [payment.public_id for payment in payments]:
        raise NotFound
    if kind not in (*_OF_PAID, "payment_slip"):
        raise NotFound
    selected = [payment for payment in payments if payment_id in (ALL, payment.public_id)]
    is_slip = kind == "payment_slip"
    chosen = [payment for payment in selected if (_has_slip(session, payment) if is_slip else _is_paid(payment))]
    if not chosen or (is_slip and payment_id == ALL):
        raise Conflict(_("この書類は、いまは作れません。支払いの状況を確かめてください。"))
    with using_language(language or current_language()):
        paper = _paper(session, case, kind, chosen)
    return request_document(session, case.id, paper, actor)


def request_demand(session: Session, case: Case, payment: Payment, pay_by: date, actor: Actor) -> Document:
    """Return the demand (督促状) for a payment, to be paid by a new day, in the applicant's language. The case's row must be locked."""
    with using_language(case.language):
        paper = replace(_paper(session, case, "demand", [payment]), due_on=pay_by, demanded_day=payment.pay_by)
    return request_document(session, case.id, paper, actor)


def void_slips(session: Session, documents: Collection[Document]) -> set[str]:
    """Return the public ids of the slips (納付書) among these with which nothing is to be paid: it was paid or called off, is being paid another
    way, or another sum is asked for. One statement where there are slips.
    """
    slips = [document for document in documents if document.kind == "payment_slip" and document.paper]
    payments = payments_of_cases(session, {document.case_id for document in slips}) if slips else {}
    amounts = {
        slip_reference(payment.id): payment.amount
        for of_case in payments.values()
        for payment in of_case
        if payment.is_payable and payment.status != "pending"
    }
    return {
        slip.public_id for slip in slips if amounts.get(slip.paper["reference"]) != Paper.from_stored(slip.paper).total
    }


def _is_paid(payment: Payment) -> bool:
    return payment.status in ("paid", "refunded") and payment.received > 0


def _has_slip(session: Session, payment: Payment) -> bool:
    """Whether there can be a slip: the city takes slips, it waits to be paid and by no other way yet (a number for the store, a transfer), and its
    order asks nothing of another case, whose part a slip would leave out.
    """
    if "slip" not in offline_methods(session):
        return False
    return payment.is_payable and payment.status != "pending" and len(payments_of_order(session, payment.id)) == 1


def _paper(session: Session, case: Case, kind: str, payments: Iterable[Payment]) -> Paper:
    city = city_by_key(city_of(session))
    definition = definition_of(session, case.version_id)
    parties = parties_of(definition, open_answers(city.key, case.answers))
    chosen = sorted(payments, key=lambda payment: payment.id)
    slip = chosen[0] if kind in {"payment_slip", "demand"} else None
    return Paper(
        kind=kind,  # type: ignore[arg-type] # checked by the caller
        language=current_language(),
        city=pick({"ja": city.name, "en": city.name_en}),
        city_address=city.address,
        city_phone=city.phone,
        department=pick(get_department(session, case.department_id).title),
        procedure=definition.title.for_language(current_language()),
        case_number=case.number,
        lines=tuple(line for payment in chosen for line in _lines(case, payment)),
        payer=parties.names,
        reference=slip_reference(slip.id) if slip else "",
        address=f"{city.origin}/pay/{slip.public_id}" if slip else "",
        due_on=slip.pay_by if slip else None,
    )


def _lines(case: Case, payment: Payment) -> Iterable[Line]:
    """The lines of a payment with what was given back of each; only those of this case, whatever else was paid in the same order."""
    paid_on = local_date(payment.paid_at) if payment.paid_at and not payment.is_payable else None
    for charge in payment.charges:
        yield Line(
            title=pick(charge.title),
            amount=charge.due,
            detail=pick(charge.detail),
            case_number=case.number,
            paid_on=paid_on,
            method=method_name(payment.method) if payment.method and paid_on else "",
            refunded=charge.given_back,
        )
