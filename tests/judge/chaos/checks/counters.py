"""Tills and slips: each entry and each line is one payment, and the drawers hold what they should."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from portal.ledger import JournalPosting
from portal.payments.rules import COUNTER_METHODS
from portal.slips.models import SlipLine
from portal.tills.models import TillEntry, TillShift
from tests.judge.chaos.checks.evidence import Evidence

_SIGNS = {"payment": 1, "reversal": -1, "refund": -1}


def each_till_entry_is_one_payment(evidence: Evidence) -> Iterator[str]:
    """Every payment at a counter has one entry, and one reversal exactly when it was taken back."""
    entries = evidence.session.scalars(select(TillEntry).where(TillEntry.order_id > evidence.town.begun_at)).all()
    made = Counter(entry.attempt_id for entry in entries if entry.kind == "payment")
    reversed_ = Counter(entry.attempt_id for entry in entries if entry.kind == "reversal")
    at_counter = [each for each in evidence.every_attempt if each.method in COUNTER_METHODS]
    for attempt in at_counter:
        if (made[attempt.id], reversed_[attempt.id]) != (1, int(attempt.status == "reversed")):
            yield f"attempt {attempt.id} ({attempt.status}): {made[attempt.id]} entries, {reversed_[attempt.id]} taken back"
    for entry in entries:
        if entry.kind == "payment" and entry.attempt_id not in {each.id for each in at_counter}:
            yield f"entry {entry.id} is no payment"


def each_drawer_holds_what_was_entered(evidence: Evidence) -> Iterator[str]:
    """A shift expects its float and its cash; the cash in the books is that of shifts that are not at the bank."""
    entries = evidence.session.scalars(select(TillEntry).where(TillEntry.method == "cash")).all()
    cash: Counter[int] = Counter()
    for entry in entries:
        cash[entry.shift_id] += _SIGNS[entry.kind] * entry.amount
    in_house = 0
    for shift in evidence.session.scalars(select(TillShift)):
        if shift.expected is not None and shift.expected != shift.float_amount + cash[shift.id]:
            yield f"shift {shift.id} expects {shift.expected}, entered were {shift.float_amount} + {cash[shift.id]}"
        if shift.banking_id is None:
            in_house += cash[shift.id] if shift.status != "closed" else shift.to_bank
    booked = evidence.session.scalar(select(func.sum(JournalPosting.amount)).where(JournalPosting.account == "cash"))
    if int(booked or 0) != in_house:
        yield f"{booked} yen of cash in the books, {in_house} in drawers"


def each_slip_line_is_one_payment(evidence: Evidence) -> Iterator[str]:
    """A line that was taken in is posted once with its yen, or held because its number leads to no fee."""
    lines = evidence.session.scalars(select(SlipLine)).all()
    posted = {line.attempt_id: line for line in lines if line.status == "posted"}
    for attempt in evidence.every_attempt:
        if attempt.method == "slip":
            line = posted.get(attempt.id)
            if line is None or line.amount != attempt.received_amount:
                yield f"attempt {attempt.id}: {attempt.received_amount} yen, line {line.amount if line else 'missing'}"
    for line in lines:
        if line.status == "waiting":
            yield f"line {line.id} of {line.amount} yen still waits"
