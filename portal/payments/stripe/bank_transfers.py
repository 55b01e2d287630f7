"""Bank transfer at Stripe (`customer_balance`): a customer for each page, whose virtual account belongs to that one payment.

Stripe uses what arrives for the payment that awaits it, and holds the rest in the customer's cash balance, which is no money of the city yet
(https://docs.stripe.com/payments/customer-balance). A refund goes to the payer's bank account; where Stripe does not know it, Stripe asks
for it at the address that the payer typed on its page, and keeps the money for them when they do not answer in 45 days
(https://docs.stripe.com/payments/customer-balance/refunding).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import stripe

from portal.payments.provider import Arrival, RefundSnapshot, TransferSnapshot
from portal.payments.stripe.checkout_payload import BANK_TRANSFER, STRIPE_METHODS
from portal.payments.stripe.snapshots import reference_of, refund_snapshot, to_datetime

_KINDS: Final = {"futsu": "ordinary", "toza": "checking"}
_ARRIVALS: Final = ("funded", "funding_reversed")


def create_customer(client: stripe.StripeClient, reference: str) -> str:
    """Return the id of a customer without name or address; the same one for the same reference."""
    key = f"{reference}:customer"
    return client.v1.customers.create({"metadata": {"reference": reference}}, {"idempotency_key": key}).id


def read_transfer(client: stripe.StripeClient, session: stripe.checkout.Session) -> TransferSnapshot | None:
    """Return what came by transfer for a session; None where nobody chose that yet."""
    if session.status != "complete" or STRIPE_METHODS[BANK_TRANSFER] not in session.payment_method_types:
        return None
    customer = session.customer
    customer_id = customer if isinstance(customer, str) else customer.id if customer else ""
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    instructions = intent.next_action.display_bank_transfer_instructions if intent and intent.next_action else None
    if not customer_id or (intent is not None and intent.status == "succeeded" and not _was_transferred(intent)):
        return None
    available = client.v1.customers.cash_balance.retrieve(customer_id).available
    unapplied = available.to_dict().get("jpy", 0) if available else 0
    if intent is not None and instructions is not None:
        unapplied += intent.amount - (instructions.amount_remaining or 0)
    entries = client.v1.customers.cash_balance_transactions.list(customer_id, {"limit": 100})
    arrivals = [
        Arrival(entry.id, entry.net_amount, to_datetime(entry.created))
        for entry in entries.auto_paging_iter()
        if entry.type in _ARRIVALS
    ]
    return TransferSnapshot(customer_id, _account(instructions), unapplied, arrivals[::-1])


def _was_transferred(intent: stripe.PaymentIntent) -> bool:
    charge = intent.latest_charge if isinstance(intent.latest_charge, stripe.Charge) else None
    details = charge.payment_method_details if charge else None
    return details is not None and details.type == STRIPE_METHODS[BANK_TRANSFER]


def _account(
    instructions: stripe.PaymentIntent.NextAction.DisplayBankTransferInstructions | None,
) -> Mapping[str, str] | None:
    addresses = (instructions.financial_addresses or []) if instructions is not None else []
    zengin = next((address.zengin for address in addresses if address.zengin is not None), None)
    if zengin is None:
        return None
    return {
        "bank_name": zengin.bank_name or "",
        "bank_code": zengin.bank_code or "",
        "branch_name": zengin.branch_name or "",
        "branch_code": zengin.branch_code or "",
        "kind": _KINDS.get(zengin.account_type or "", "ordinary"),
        "number": zengin.account_number or "",
        "holder": zengin.account_holder_name or "",
    }


def return_funds(client: stripe.StripeClient, customer_id: str, amount: int, reference: str) -> RefundSnapshot:
    """Give back out of a customer's cash balance."""
    refund = client.v1.refunds.create(
        {
            "origin": "customer_balance",
            "customer": customer_id,
            "currency": "jpy",
            "amount": amount,
            "metadata": {"reference": reference},
        },
        {"idempotency_key": reference},
    )
    return refund_snapshot(refund)


def find_return(client: stripe.StripeClient, reference: str, since: datetime) -> RefundSnapshot | None:
    """Return the refund with this reference, created since then."""
    refunds = client.v1.refunds.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
    for refund in refunds.auto_paging_iter():
        if reference_of(refund.metadata) == reference:
            return refund_snapshot(refund)
    return None


def forget_customer(client: stripe.StripeClient, customer_id: str) -> None:
    """Empty what was typed about a customer."""
    client.v1.customers.update(customer_id, {"name": "", "email": "", "phone": "", "address": "", "description": ""})
