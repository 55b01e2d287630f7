"""Letters and work: everybody was told once, and nothing is left undone."""

import re
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from portal.cases import Case, contact_address
from portal.core.config import settings
from portal.notifications.models import MailMessage
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt
from portal.payments.rules import OFFLINE_METHODS
from tests.judge import books
from tests.judge.chaos.checks.evidence import Evidence

_CONFIRMATIONS = ("payment_received", "payments_received")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def each_confirmation_was_written_once(evidence: Evidence) -> Iterator[str]:
    """Each address gets one letter for each order that was paid for applications of it, filed with the first of them, and another only when a
    wrong entry was taken back.

    All orders of the applications count: what is missing of one is asked for by another, in a later leg when it came by slip.
    """
    cases = {charge.case_id for charge in evidence.charges.values()}
    written = MailMessage.kind.in_(_CONFIRMATIONS), MailMessage.case_id.in_(cases)
    letters = Counter(evidence.session.scalars(select(MailMessage.case_id).where(*written)))
    orders = (
        select(Charge.case_id, Order.id, Order.paid_at.is_not(None))
        .join(OrderLine, OrderLine.charge_id == Charge.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Charge.case_id.in_(cases), OrderLine.living)
        .order_by(Charge.case_id)
        .distinct()
    )
    taken_back = Counter(
        evidence.session.scalars(select(PaymentAttempt.order_id).where(PaymentAttempt.status == "reversed"))
    )
    due: Counter[int] = Counter()
    told: set[tuple[int, str | None]] = set()
    for case_id, order_id, is_paid in evidence.session.execute(orders):
        address = contact_address(evidence.session, evidence.session.get_one(Case, case_id))
        if (order_id, address) not in told:
            due[case_id] += int(is_paid) + taken_back[order_id]
        told.add((order_id, address))
    for case_id in cases:
        if letters[case_id] != due[case_id]:
            yield f"case {case_id}: {letters[case_id]} confirmations, {due[case_id]} payments"


def each_confirmation_was_sent_once(evidence: Evidence) -> Iterator[str]:
    """The mail server got each of them under one Message-ID, which a repetition after a kill shares."""
    host = settings().base_hostname
    matches = (_MESSAGE_ID.search(raw) for raw in books.mails_delivered(evidence.town.ground))
    sent = {match[1].decode() for match in matches if match}
    kinds = MailMessage.kind.in_((*_CONFIRMATIONS, "payer_confirmation"))
    for mail in evidence.session.scalars(select(MailMessage).where(kinds)):
        if mail.status != "sent" or f"<{evidence.town.key}.{mail.id}@{host}>" not in sent:
            yield f"mail {mail.id} of case {mail.case_id} is {mail.status}"


def each_payer_for_somebody_was_told_once(evidence: Evidence) -> Iterator[str]:
    """Whoever paid by a link and left an address got one mail, and their address is forgotten."""
    paid = [each for each in evidence.online if each.link_id is not None and each.settles]
    for attempt in paid:
        if attempt.payer is not None:
            yield f"attempt {attempt.reference} still has its payer's address"
    mails = select(func.count()).where(MailMessage.kind == "payer_confirmation")
    written = int(evidence.session.scalar(mails) or 0) - evidence.town.payers_told
    if written != len(paid):
        yield f"{written} mails to payers by link, {len(paid)} payments"


def nothing_is_left_undone(evidence: Evidence) -> Iterator[str]:
    """No job waits, runs or was given up; no notice is unread, no refund unsent, no page half opened.

    A round that is due just now has its minute to end.
    """
    for kind, number in books.settle_down(60).items():
        if number:
            yield f"{number} {kind}"
    for task, number in books.failed_jobs():
        yield f"{number} × job {task} given up"
    methods = {attempt.id: attempt.method for attempt in evidence.every_attempt}
    for refund in evidence.every_refund:
        is_waiting_for_till = methods[refund.attempt_id] in OFFLINE_METHODS
        if refund.status == "approved" and not is_waiting_for_till:
            yield f"refund {refund.id} was approved and not sent"
    for attempt in evidence.every_attempt:
        if attempt.status == "prepared":
            yield f"attempt {attempt.reference} is half opened"
        order = evidence.orders[attempt.order_id]
        if attempt.status in {"open", "pending"} and not (order.is_payable or order.status == "needs_review"):
            yield f"attempt {attempt.reference} is {attempt.status} although its order is {order.status}"
    for mail in evidence.session.scalars(select(MailMessage).where(MailMessage.status != "sent")):
        yield f"mail {mail.id} ({mail.kind}) is {mail.status}"
