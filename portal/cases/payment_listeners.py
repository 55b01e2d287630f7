"""What happens to a case when a payment changes, in the transaction in which it changes. `portal.wiring` connects `LISTENERS`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forms.evaluation.chosen_days import ChosenDay
from portal.cases.answers import open_answers
from portal.cases.fee_changes import settle_waiting_change
from portal.cases.models import Case
from portal.cases.notices import ask_to_pay, contact_address, notify, title_of
from portal.cases.paid_up import go_on_when_paid, loses_places_unpaid, pay_deadline
from portal.cases.queries import coming_days
from portal.cases.scheduled_fees import SCHEDULED
from portal.core.clock import TOKYO, local_date, today
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _, current_language
from portal.identity import list_staff
from portal.notifications import send_mail
from portal.payments import (
    CaseRefund,
    Listeners,
    Payment,
    awaited_slip,
    awaited_transfer,
    cancel_payment,
    dispute_of_order,
    payments_of_case,
    payments_of_order,
    refunds_for_counter,
    refunds_of_order,
    slip_ran_out,
)
from portal.procedures import definition_of


def _paid(session: Session, payment: Payment) -> None:
    """Move the case that waited for this on once nothing else is owed; one that was closed meanwhile becomes unread for its office."""
    case = _lock_case(session, payment)
    settle_waiting_change(session, case)
    owes = any(
        other.is_payable and other.id != payment.id and not other.purpose.startswith(SCHEDULED)
        for other in payments_of_case(session, case.id)
    )
    waited = go_on_when_paid(session, case, paid=payment.id)
    if not waited and not owes and not payment.purpose.startswith(SCHEDULED):
        case.unread = True
        case.advance()
    _confirm(session, case, payment)


def _confirm(session: Session, case: Case, payment: Payment) -> None:
    """Confirm a payment by mail: what one order asked for several applications of one address, in one mail, once all of them went on."""
    address = contact_address(session, case)
    order = {other.case_id: other for other in payments_of_order(session, payment.id)}
    cases = session.scalars(select(Case).where(Case.id.in_(order)).order_by(Case.id))
    theirs = [other for other in cases if contact_address(session, other) == address]
    if len(theirs) == 1:
        notify(session, case, "payment_received", amount=payment.received, days=_coming_days(session, case))
    elif address is not None and theirs[-1] is case:
        first = theirs[0]
        send_mail(
            session,
            "payments_received",
            to=address,
            language=first.language,
            case_id=first.id,
            lines=[(other.number, title_of(session, other), order[other.id].received) for other in theirs],
            amount=sum(order[other.id].received for other in theirs),
            days=sorted((day for other in theirs for day in _coming_days(session, other)), key=lambda each: each.day),
            path=f"/me/payments/{payment.public_id}",
        )


def _coming_days(session: Session, case: Case) -> list[ChosenDay]:
    definition = definition_of(session, case.version_id)
    return coming_days(case, definition, open_answers(city_of(session), case.answers), case.language)


def _lock_cases(session: Session, case_ids: Select[int]) -> None:
    lock_rows(session, Case, Case.id.in_(case_ids), order_by=[Case.id.asc()])


def _lock_case(session: Session, payment: Payment) -> Case:
    case = lock_row(session, Case, Case.id == payment.case_id)
    if case is None:
        raise NotFound
    return case


def _failed(session: Session, payment: Payment) -> None:
    case = _lock_case(session, payment)
    settle_waiting_change(session, case)
    go_on_when_paid(session, case)
    until = payment.pay_by if payment.pay_by is not None and payment.pay_by >= today() else None
    notify(
        session,
        case,
        "payment_failed",
        amount=payment.amount,
        until=until,
        ran_out=slip_ran_out(session, payment.id),
    )


def _reopened(session: Session, payment: Payment) -> None:
    """Its money is refunded after a review: it is to be paid again, unless the case is closed."""
    case = _lock_case(session, payment)
    case.unread = True
    case.advance()
    if case.closed_at is not None:
        cancel_payment(session, payment)
    else:
        ask_to_pay(session, case, payment.amount, payment.pay_by)


def _reversed(session: Session, payment: Payment) -> None:
    """It was entered at a counter by mistake. The money is owed, also by a case that was closed on it: its office must look."""
    case = _lock_case(session, payment)
    case.unread = True
    case.advance()
    ask_to_pay(session, case, payment.amount, None)


def _rest_requested(session: Session, payment: Payment) -> None:
    """Ask the applicant for what is missing. Raises Conflict when the case is closed: nothing is owed for it any more."""
    case = _lock_case(session, payment)
    if case.closed_at is not None:
        raise Conflict(_("この案件は終わっているため、不足分をお願いできません。"))
    ask_to_pay(session, case, payment.amount, payment.pay_by)


def _refund_approved(session: Session, payment: Payment, refund: CaseRefund) -> None:
    """Tell that money goes back, as soon as that is certain."""
    case = _lock_case(session, payment)
    case.advance()
    notify(session, case, "refund_started", amount=refund.amount)


def _refunded(session: Session, payment: Payment, refund: CaseRefund) -> None:
    """Send a letter for each refund: what was refunded this time, and what the city keeps."""
    case = _lock_case(session, payment)
    case.advance()
    whole = refund.amount == payment.received
    notify(session, case, "refund_done", amount=refund.amount, kept=payment.net_received, whole=whole)


def _account_needed(session: Session, payment: Payment, refund: CaseRefund) -> None:
    """Tell that the provider asks for a bank account: what was paid at a convenience store does not find its way back alone."""
    case = _lock_case(session, payment)
    case.advance()
    notify(session, case, "refund_account", amount=refund.amount)


def _show_to_office(session: Session, payment: Payment) -> None:
    """Mark the case unread: a person must check an amount that does not match, or a second payment."""
    case = _lock_case(session, payment)
    case.unread = True
    case.advance()


def _paid_twice(session: Session, payment: Payment) -> None:
    """Tell who paid that the second payment goes back; money that never was at the provider, the office gives back."""
    _show_to_office(session, payment)
    back = [refund for refund in refunds_of_order(session, payment.id) if refund.duplicate]
    if back and _is_first(session, payment):
        by_office = back[-1].status == "requested" or payment.id in {
            refund.order_id for refund, _way in refunds_for_counter(session, [payment.id])
        }
        case = session.get_one(Case, payment.case_id)
        notify(session, case, "paid_twice", amount=back[-1].amount, by_office=by_office)


def _pending(session: Session, payment: Payment) -> None:
    """Mail where to transfer to, or the numbers for the convenience store; who pays by a link has them on their own page."""
    if not _is_first(session, payment):
        return
    slip = awaited_slip(session, payment.id)
    if slip is not None and not slip.by_link:
        case = _lock_case(session, payment)
        notify(
            session,
            case,
            "voucher_instructions",
            amount=slip.amount,
            stores=slip.stores,
            until=local_date(slip.until),
            time=f"{slip.until.astimezone(TOKYO):%H:%M}",
            **_last_day(session, case, payment, slip.until),
        )
    awaited = awaited_transfer(session, payment.id)
    if awaited is not None and not awaited.by_link:
        case = _lock_case(session, payment)
        notify(
            session,
            case,
            "transfer_instructions",
            amount=awaited.amount,
            account=dict(awaited.account),
            until=local_date(awaited.until),
            **_last_day(session, case, payment, awaited.until),
        )


def _last_day(session: Session, case: Case, payment: Payment, way_until: datetime) -> dict[str, Any]:
    """The last day of a fee, and what happens after it, beside the last moment of the way to pay that was taken."""
    loses_places = loses_places_unpaid(case, definition_of(session, case.version_id))
    deadline = pay_deadline(way_until, [payment.pay_by], loses_places=loses_places)
    return {"pay_by": deadline.day, "loses_places": deadline.loses_places}


def _partly_transferred(session: Session, payment: Payment) -> None:
    """Tell how much of a transfer came, and how much is still to come."""
    awaited = awaited_transfer(session, payment.id)
    if awaited is not None and not awaited.by_link and _is_first(session, payment):
        notify(
            session,
            _lock_case(session, payment),
            "partly_transferred",
            amount=awaited.arrived,
            missing=awaited.missing,
            until=local_date(awaited.until),
        )


def _surplus_transferred(session: Session, payment: Payment) -> None:
    """Tell that what was transferred too much, or too late, goes back; the office sees what it must decide about."""
    back = [refund for refund in refunds_of_order(session, payment.id) if refund.from_funds]
    waits = back[-1].status == "requested"
    if waits:
        _show_to_office(session, payment)
    if _is_first(session, payment):
        case = _lock_case(session, payment)
        notify(session, case, "transfer_returned", amount=back[-1].amount, by_office=waits)


def _is_first(session: Session, payment: Payment) -> bool:
    """Whether this is the first case of its order: what concerns the whole order is told there, once."""
    return payments_of_order(session, payment.id)[0].case_id == payment.case_id


def _disputed(session: Session, payment: Payment) -> None:
    """Tell the accountants by mail: evidence is taken by the provider until a day."""
    _show_to_office(session, payment)
    case, dispute = session.get_one(Case, payment.case_id), dispute_of_order(session, payment.id)
    until = local_date(dispute.respond_by) if dispute and dispute.respond_by else None
    for person in list_staff(session):
        if person.active and any(role == "accountant" for _department, role in person.roles):
            send_mail(
                session,
                "dispute_opened",
                to=person.email,
                language="ja",
                case_id=case.id,
                number=case.number,
                title=case.title,
                amount=payment.amount,
                until=until,
                path=f"/desk/cases/{case.id}",
            )


def _refund_failed(session: Session, payment: Payment, _refund: CaseRefund) -> None:
    """The money is back at the city and must be transferred by hand."""
    _show_to_office(session, payment)


def _name_cases(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids)))
    language = current_language()
    return {
        case.id: f"{definition_of(session, case.version_id).title.for_language(language)} {case.number}"
        for case in cases
    }


LISTENERS = Listeners(
    lock_cases=_lock_cases,
    name_cases=_name_cases,
    paid=_paid,
    failed=_failed,
    reopened=_reopened,
    reversed=_reversed,
    needs_review=_show_to_office,
    paid_twice=_paid_twice,
    rest_requested=_rest_requested,
    refund_approved=_refund_approved,
    refunded=_refunded,
    refund_failed=_refund_failed,
    account_needed=_account_needed,
    pending=_pending,
    partly_transferred=_partly_transferred,
    surplus_transferred=_surplus_transferred,
    disputed=_disputed,
    dispute_closed=_show_to_office,
)
