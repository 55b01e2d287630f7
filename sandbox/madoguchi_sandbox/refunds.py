"""Refunds: immediate for cards, by bank transfer for konbini; some fail afterwards."""

from madoguchi_sandbox import balance, disputes, events
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, parse_integer, reject_unknown_params, retrieve

BANK_DETAILS_DAYS = 45  # in which the payer must name a bank account, or the refund fails
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(store: Store, account: str, params: Params) -> JsonObject:
    """Refund a charge in full or in part."""
    reject_unknown_params(
        params, ("payment_intent", "charge", "amount", "reason", "metadata", "instructions_email", "currency")
    )
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
    by_bank = method in ("konbini", "customer_balance") or outcome == "requires_action"
    status = "requires_action" if by_bank else "pending" if outcome == "pending" else "succeeded"
    refund: JsonObject = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": store.now(),
        "currency": "jpy",
        "destination_details": _destination(method),
        "metadata": params.get("metadata", {}),
        "next_action": _bank_details_mail(store, charge, params) if by_bank else None,
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": status,
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


def _bank_details_mail(store: Store, charge: JsonObject, params: Params) -> JsonObject:
    email = params.get("instructions_email") or charge["billing_details"]["email"]
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
    """Complete a refund as `succeeded`, `failed` or `canceled`; a failure puts the money back into the balance."""
    account = store.account_of(refund["id"])
    refund |= {"status": status, "next_action": None}
    if status in ("failed", "canceled"):
        transaction = balance.record(store, account, "refund_failure", refund["amount"], refund["id"])
        refund["failure_balance_transaction"] = transaction["id"]
        if status == "failed":
            refund["failure_reason"] = "expired_or_canceled_card" if refund["charge"].startswith("ch_") else "declined"
        charge = store.get(refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        store.save(charge)
    store.save(refund)
    events.emit(store, account, "refund.updated", refund)
    if status == "failed":
        events.emit(store, account, "refund.failed", refund)
    return refund
