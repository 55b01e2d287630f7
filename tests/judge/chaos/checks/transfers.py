"""Bank transfers: every yen that arrived at the provider is known here, once, and is a payment, goes back, or is awaited."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from portal.payments.models import PaymentAttempt
from portal.payments.rules import BANK_TRANSFER, LIVE, SURPLUS_OF_TRANSFERS
from portal.payments.transfer_models import TransferArrival
from tests.judge.chaos.checks.evidence import Evidence


def every_transfer_is_known_once(evidence: Evidence) -> Iterator[str]:
    """What arrived there for an attempt is what is kept here, entry by entry."""
    references = {each["id"]: each["metadata"].get("reference") for each in evidence.at_provider["customer"].values()}
    here = {each.entry_id: each for each in evidence.session.scalars(select(TransferArrival))}
    attempts = {each.reference: each for each in evidence.online}
    for entry in evidence.at_provider["customer_cash_balance_transaction"].values():
        attempt = attempts.get(references[entry["customer"]] or "")
        if entry["type"] != "funded" or attempt is None:
            continue
        known = here.get(entry["id"])
        if known is None or (known.attempt_id, known.amount) != (attempt.id, entry["net_amount"]):
            yield f"{entry['net_amount']} yen of {entry['id']} for {attempt.reference} are not known"


def every_transferred_yen_is_paid_or_goes_back(evidence: Evidence) -> Iterator[str]:
    """Of what arrived for an attempt that is over, the payment has its amount, and refunds speak for the rest, once."""
    for attempt, arrived in _arrived(evidence):
        applied = attempt.received_amount if attempt.status == "paid" else 0
        back = sum(
            each.amount
            for each in evidence.refunds.get(attempt.order_id, [])
            if each.attempt_id == attempt.id and each.grounds == SURPLUS_OF_TRANSFERS and each.handled_at is None
        )
        if attempt.status not in LIVE and arrived != applied + back:
            yield f"attempt {attempt.reference}: {arrived} arrived, {applied} is paid, {back} goes back"
        if attempt.status in LIVE and arrived >= attempt.amount:
            yield f"attempt {attempt.reference} is {attempt.status} although {arrived} of {attempt.amount} arrived"


def the_provider_holds_what_is_known_to_be_there(evidence: Evidence) -> Iterator[str]:
    """The funds of a payer are those that were read last."""
    held: Counter[str] = Counter()
    for entry in evidence.at_provider["customer_cash_balance_transaction"].values():
        held[entry["customer"]] += entry["net_amount"]
    for attempt in evidence.online:
        if attempt.customer_id is None:
            continue
        intent = evidence.at_provider["payment_intent"].get(attempt.intent_id or "", {})
        action = (intent.get("next_action") or {}).get("display_bank_transfer_instructions")
        partly = intent["amount"] - action["amount_remaining"] if action else 0
        if attempt.unapplied != held[attempt.customer_id] + partly:
            there = held[attempt.customer_id] + partly
            yield f"attempt {attempt.reference}: {attempt.unapplied} yen of its payer here, {there} there"


def _arrived(evidence: Evidence) -> Iterator[tuple[PaymentAttempt, int]]:
    came: Counter[int] = Counter()
    for each in evidence.session.scalars(select(TransferArrival)):
        came[each.attempt_id] += each.amount
    yield from ((each, came[each.id]) for each in evidence.online if each.method == BANK_TRANSFER and came[each.id])
