"""Each payment, refund and dispute as the provider has it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from portal.payments.later_models import Dispute
from portal.payments.models import Refund
from portal.payments.rules import LIVE
from tests.judge.chaos.checks.evidence import Evidence


def each_payment_stands_as_the_provider_says(evidence: Evidence) -> Iterator[str]:
    """An attempt is paid here exactly when it was charged there, with the same yen and once; one that is open here is open there."""
    charged = evidence.charged()
    for attempt in evidence.online:
        there = charged.get(attempt.reference, [])
        name = f"attempt {attempt.reference} ({attempt.status})"
        if (attempt.status == "paid") != bool(there) or len(there) > 1:
            yield f"{name}: {len(there)} charges at the provider"
        elif there and (there[0]["id"], there[0]["amount"]) != (attempt.charge_id, attempt.received_amount):
            yield f"{name}: {attempt.received_amount} yen by {attempt.charge_id}, there {there[0]['amount']} by {there[0]['id']}"
        page = evidence.at_provider["checkout.session"].get(attempt.checkout_id or "")
        if attempt.status in LIVE and _live(evidence, page) != attempt.status:
            yield f"{name}: its page is {_live(evidence, page)} there"


def no_charge_is_unknown(evidence: Evidence) -> Iterator[str]:
    """Every charge at the provider is an attempt of the city; whoever was told there that it is paid has paid here."""
    known = {attempt.charge_id for attempt in evidence.online}
    references = {attempt.reference for attempt in evidence.online}
    for reference, charges in evidence.charged().items():
        for charge in charges:
            if reference in references and charge["id"] not in known:
                yield f"charge {charge['id']} of {reference} is not in the books"
    paid = {attempt.checkout_id for attempt in evidence.online if attempt.status == "paid"}
    for page in evidence.town.told - paid:
        yield f"the payer of page {page} was told that it is paid"


def each_refund_stands_as_the_provider_says(evidence: Evidence) -> Iterator[str]:
    """A refund that was sent is there with the same yen and state, and none is there that nobody asked for."""
    there = evidence.at_provider["refund"]
    for refund in evidence.every_refund:
        sent = there.get(refund.provider_id or "")
        if refund.provider_id and (sent is None or (sent["amount"], sent["status"]) != (refund.amount, refund.status)):
            state = (sent["amount"], sent["status"]) if sent else "missing"
            yield f"refund {refund.id}: {refund.amount} {refund.status}, there {state}"
    known = set(evidence.session.scalars(select(Refund.provider_id)))
    references = {attempt.charge_id for attempt in evidence.online if attempt.charge_id}
    for each in there.values():
        # what goes back to a payer's bank out of their cash balance names no charge, nor the leg it was paid in
        if (each["charge"] is None or each["charge"] in references) and each["id"] not in known:
            yield f"refund {each['id']} of {each['amount']} yen is not in the books"


def each_dispute_stands_as_the_provider_says(evidence: Evidence) -> Iterator[str]:
    """A dispute is open, won or lost on both sides."""
    here = {each.provider_id: each for each in evidence.session.scalars(select(Dispute))}
    for dispute in evidence.at_provider["dispute"].values():
        status = {"won": "won", "lost": "lost"}.get(dispute["status"], "open")
        known = here.get(dispute["id"])
        if known is None or (known.status, known.amount) != (status, dispute["amount"]):
            yield f"dispute {dispute['id']} is {status} there, {known.status if known else 'unknown'} here"


def _live(evidence: Evidence, page: dict[str, Any] | None) -> str:
    """How a page that can still be paid is called here."""
    if page is None:
        return "missing"
    if page["status"] != "complete":
        return str(page["status"])
    intent = evidence.at_provider["payment_intent"][page["payment_intent"]]
    return "pending" if intent["status"] == "requires_action" else str(intent["status"])
