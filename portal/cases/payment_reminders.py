"""Words to a payer about a last day that is near or over, and the demand (督促状) that a cashier issues after it."""

from sqlalchemy.orm import Session

from portal import payments
from portal.cases.models import Case
from portal.cases.notices import notify
from portal.cases.payment_papers import request_demand
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.locking import lock_row
from portal.core.text import _
from portal.documents import Document
from portal.payments import Payment

_LETTERS = {"payment.reminded": "payment_reminder", "payment.overdue": "payment_overdue"}


def remind_of_payments(session: Session, case_id: int) -> int:
    """Write to the payer of a case once before and once after the last day; how many letters. Safe to repeat and to race."""
    case = lock_row(session, Case, Case.id == case_id)
    if case is None:
        return 0
    reminders = payments.take_reminders(session, case.id)
    for reminder in reminders:
        notify(session, case, _LETTERS[reminder.kind], amount=reminder.payment.amount, until=reminder.pay_by)
    return len(reminders)


def may_be_demanded(payment: Payment) -> bool:
    """Whether a demand can follow: what is paid before an application counts as received has not been imposed yet."""
    return not payment.purpose.startswith("submission")


def demand(session: Session, case_id: int, payment_id: int, actor: Actor) -> Document:
    """Issue a demand for an overdue payment of a case: a paper with a number and a new day, and a letter that says so.

    Raises NotFound, Conflict for what is not overdue, is paid meanwhile, or has a demand already.
    """
    case = lock_row(session, Case, Case.id == case_id)
    made = payments.payments_of_case(session, case_id)
    payment = next((payment for payment in made if payment.id == payment_id), None)
    if case is None or payment is None:
        raise NotFound
    if not may_be_demanded(payment):
        raise Conflict(_("申請のときの料金は、督促の対象ではありません。支払われるまで、申請は受け付けられません。"))
    payments.refuse_demand(payment)
    pay_by = payments.demand_day(session)
    payments.lock_orders_of_cases(session, [case.id])
    document = request_demand(session, case, payment, pay_by, actor)
    payments.demand_payment(session, payment, document.number, pay_by, actor)
    notify(session, case, "payment_demand", amount=payment.amount, until=pay_by)
    case.advance()
    session.flush()
    return document
