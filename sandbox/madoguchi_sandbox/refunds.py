"""Refunds: immediate for cards, by bank transfer for konbini and bank transfers, also of what a customer transferred too much; some fail."""

from madoguchi_sandbox import balance, customers, disputes, events
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, parse_integer, reject_unknown_params, retrieve

BANK_DETAILS_DAYS = 45  # in which the payer must name a bank account, or the refund fails
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


CREATE_PARAMS = (
    "payment_intent", "charge", "amount", "reason", "metadata", "instructions_email", "currency", "origin", "customer",
)  # fmt: skip


def create(store: Store, account: str, params: Params) -> JsonObject:
    """Refund a charge in full or in part."""
    reject_unknown_params(params, CREATE_PARAMS)
    if "origin" in params:
        return _return_funds(store, account, params)
    charge = _charge(store, account, params)
    if disputes.forbids_refund(store, charge):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    remaining = charge["amount"] - charge["amount_refunded"]
    if remaining == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = parse_integer(params, "amount", remaining)
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > remaining:
        raise ApiError(
            f"Refund amount (¥{amount:,}) is greater than unrefunded amount on charge (¥{remaining:,})", param="amount"
        )
    if params.get("reason") not in (None, *REASONS):
        raise ApiError(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    method = charge["payment_method_details"]["type"]
    outcome = store.setting("next_refund") or store.private_data(charge["id"])["refund"]
    asks = method == "konbini" or outcome == "requires_action"
    # Of a transfer the bank account is known from which it came.
    is_slow = outcome == "pending" or method == "customer_balance"
    refund = _refund(store, params, amount, method, charge) | {
        "next_action": _bank_details_mail(store, charge["billing_details"]["email"], params) if asks else None,
        "status": "requires_action" if asks else "pending" if is_slow else "succeeded",
    }
    transaction = balance.record(
        store, account, "refund" if method == "card" else "payment_refund", -amount, refund["id"]
    )
    refund["balance_transaction"] = transaction["id"]
    store.add(account, refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    store.save(charge)
    events.emit(store, account, "refund.created", refund)
    events.emit(store, account, "charge.refunded", charge)
    if outcome == "failed":
        # Succeeded first and failed soon after: the order in which a refusal by the card issuer becomes known.
        finish(store, dict(refund), "failed")
    return refund


def _refund(store: Store, params: Params, amount: int, method: str, charge: JsonObject | None) -> JsonObject:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"] if charge else None,
        "created": store.now(),
        "currency": "jpy",
        "destination_details": _destination(method),
        "metadata": params.get("metadata", {}),
        "next_action": None,
        "payment_intent": charge["payment_intent"] if charge else None,
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": "pending",
    }


def _return_funds(store: Store, account: str, params: Params) -> JsonObject:
    """Give back out of the cash balance of a customer, which is no money of the account's."""
    if params["origin"] != "customer_balance" or params.get("currency") != "jpy":
        raise ApiError("A refund of a cash balance needs origin `customer_balance` and a currency.", param="origin")
    customer = retrieve(store, account, "customer", params.get("customer", ""))
    amount = parse_integer(params, "amount")
    if not 0 < amount <= customers.funds_of(store, customer["id"]):
        raise ApiError("The customer's cash balance is not sufficient for this refund.", param="amount")
    refund = _refund(store, params, amount, "customer_balance", None)
    outcome = store.setting("next_refund")
    if outcome == "requires_action":
        refund |= {"status": outcome, "next_action": _bank_details_mail(store, customer["email"], params)}
    store.add(account, refund, customer=customer["id"])
    customers.move(store, customer["id"], "return_initiated", -amount)
    events.emit(store, account, "refund.created", refund)
    return finish(store, dict(refund), "failed") if outcome == "failed" else refund


def _charge(store: Store, account: str, params: Params) -> JsonObject:
    if "payment_intent" in params:
        intent = retrieve(store, account, "payment_intent", params["payment_intent"])
        if intent["status"] != "succeeded":
            raise ApiError("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        return store.get(intent["latest_charge"])
    if "charge" in params:
        return retrieve(store, account, "charge", params["charge"])
    raise ApiError("One of the following params should be provided for this request: payment_intent or charge.")


def _destination(method: str) -> JsonObject:
    """`destination_details`: back to the card or the wallet, or to a bank account that the payer names."""
    name = {"card": "card", "paypay": "paypay"}.get(method, "jp_bank_transfer")
    if name == "card":
        return {"type": name, "card": {"type": "refund", "reference_status": "pending"}}
    return {"type": name, name: {}} if name == "jp_bank_transfer" else {"type": name}


def _bank_details_mail(store: Store, known: str | None, params: Params) -> JsonObject:
    email = params.get("instructions_email") or known
    if not email:
        raise ApiError(
            "The payer has no e-mail address: `instructions_email` must say where to ask for the bank account.",
            code="parameter_missing",
            param="instructions_email",
        )
    return {
        "type": "display_details",
        "display_details": {
            "email_sent": {"email_sent_at": store.now(), "email_sent_to": email},
            "expires_at": store.now() + BANK_DETAILS_DAYS * 86400,
        },
    }


def cancel(store: Store, account: str, refund_id: str) -> JsonObject:
    """Cancel a refund that still waits for the payer's bank account."""
    refund = retrieve(store, account, "refund", refund_id)
    if refund["status"] != "requires_action":
        raise ApiError(
            f"You can only cancel a refund whose status is requires_action; this one is {refund['status']}.",
            code="refund_unexpected_state",
        )
    return finish(store, refund, "canceled")


def finish(store: Store, refund: JsonObject, status: str) -> JsonObject:
    """Complete a refund as `succeeded`, `failed` or `canceled`; a failure puts the money back: into the balance, or, of a transfer, into
    the cash balance of the customer."""
    account = store.account_of(refund["id"])
    refund |= {"status": status, "next_action": None}
    if status in ("failed", "canceled"):
        if status == "failed":
            by_card = (refund["charge"] or "").startswith("ch_")
            refund["failure_reason"] = "expired_or_canceled_card" if by_card else "declined"
        _put_back(store, account, refund)
    store.save(refund)
    events.emit(store, account, "refund.updated", refund)
    if status == "failed":
        events.emit(store, account, "refund.failed", refund)
    return refund


def _put_back(store: Store, account: str, refund: JsonObject) -> None:
    charge = store.get(refund["charge"]) if refund["charge"] else None
    if charge is None:
        customers.move(store, store.private_data(refund["id"])["customer"], "return_canceled", refund["amount"])
    elif is_of_transfer(charge):
        customers.move(store, charge["customer"], "refunded_from_payment", refund["amount"], refund=refund["id"])
    else:
        transaction = balance.record(store, account, "refund_failure", refund["amount"], refund["id"])
        refund["failure_balance_transaction"] = transaction["id"]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        store.save(charge)


def is_of_transfer(charge: JsonObject) -> bool:
    """Whether a charge was paid by bank transfer."""
    return bool(charge["payment_method_details"]["type"] == "customer_balance")


def run_out(store: Store, refund: JsonObject) -> None:
    """The payer named no bank account in time: of a transfer the refund is canceled, of anything else it failed."""
    charge = store.get(refund["charge"]) if refund["charge"] else None
    finish(store, refund, "canceled" if charge is None or is_of_transfer(charge) else "failed")
