"""The routes of Stripe's API that a city needs, each a call of the module of its resource."""

from madoguchi_sandbox import account, customers, disputes, endpoints, events, intents, payouts, refunds, sessions
from madoguchi_sandbox.calls import ApiCall, bp, endpoint
from madoguchi_sandbox.store import JsonObject
from madoguchi_sandbox.wire import paginate, retrieve

__all__ = ["bp"]


def _list(call: ApiCall, kind: str, url: str, *filters: str) -> JsonObject:
    """Return a page of the account's objects of a kind, those whose fields equal the given filters."""
    matching = call.store.list_objects(kind, call.account)
    for name in filters:
        if name in call.params:
            matching = [body for body in matching if body[name] == call.params[name]]
    return paginate(matching, call.params, url)


@endpoint("GET", "/account")
def get_account(call: ApiCall) -> JsonObject:
    return account.describe(call.store, call.account)


@endpoint("GET", "/balance")
def get_balance(call: ApiCall) -> JsonObject:
    return payouts.balance_of(call.store, call.account)


@endpoint("POST", "/checkout/sessions")
def create_session(call: ApiCall) -> JsonObject:
    return sessions.create(call.store, call.account, call.params, call.base_url)


@endpoint("GET", "/checkout/sessions")
def list_sessions(call: ApiCall) -> JsonObject:
    return _list(call, "checkout.session", "/v1/checkout/sessions", "payment_intent", "status", "customer")


@endpoint("GET", "/checkout/sessions/<session>")
def get_session(call: ApiCall, session: str) -> JsonObject:
    return retrieve(call.store, call.account, "checkout.session", session)


@endpoint("POST", "/checkout/sessions/<session>/expire")
def expire_session(call: ApiCall, session: str) -> JsonObject:
    return sessions.expire(call.store, call.account, session)


@endpoint("GET", "/checkout/sessions/<session>/line_items")
def list_line_items(call: ApiCall, session: str) -> JsonObject:
    retrieve(call.store, call.account, "checkout.session", session)
    items = call.store.private_data(session)["line_items"]
    return paginate(items, call.params, f"/v1/checkout/sessions/{session}/line_items")


@endpoint("GET", "/payment_intents")
def list_intents(call: ApiCall) -> JsonObject:
    return _list(call, "payment_intent", "/v1/payment_intents", "customer")


@endpoint("GET", "/payment_intents/<intent>")
def get_intent(call: ApiCall, intent: str) -> JsonObject:
    return retrieve(call.store, call.account, "payment_intent", intent)


@endpoint("POST", "/payment_intents/<intent>/cancel")
def cancel_intent(call: ApiCall, intent: str) -> JsonObject:
    return intents.cancel_by_id(call.store, call.account, intent, call.params.get("cancellation_reason"))


@endpoint("GET", "/charges")
def list_charges(call: ApiCall) -> JsonObject:
    return _list(call, "charge", "/v1/charges", "payment_intent", "customer")


@endpoint("GET", "/charges/<charge>")
def get_charge(call: ApiCall, charge: str) -> JsonObject:
    return retrieve(call.store, call.account, "charge", charge)


@endpoint("POST", "/refunds")
def create_refund(call: ApiCall) -> JsonObject:
    return refunds.create(call.store, call.account, call.params)


@endpoint("GET", "/refunds")
def list_refunds(call: ApiCall) -> JsonObject:
    return _list(call, "refund", "/v1/refunds", "payment_intent", "charge")


@endpoint("GET", "/refunds/<refund>")
def get_refund(call: ApiCall, refund: str) -> JsonObject:
    return retrieve(call.store, call.account, "refund", refund)


@endpoint("POST", "/refunds/<refund>/cancel")
def cancel_refund(call: ApiCall, refund: str) -> JsonObject:
    return refunds.cancel(call.store, call.account, refund)


@endpoint("GET", "/disputes")
def list_disputes(call: ApiCall) -> JsonObject:
    return _list(call, "dispute", "/v1/disputes", "charge", "payment_intent")


@endpoint("GET", "/disputes/<dispute>")
def get_dispute(call: ApiCall, dispute: str) -> JsonObject:
    return retrieve(call.store, call.account, "dispute", dispute)


@endpoint("POST", "/disputes/<dispute>/close")
def close_dispute(call: ApiCall, dispute: str) -> JsonObject:
    return disputes.accept(call.store, call.account, dispute)


@endpoint("GET", "/payouts")
def list_payouts(call: ApiCall) -> JsonObject:
    return _list(call, "payout", "/v1/payouts", "status")


@endpoint("GET", "/payouts/<payout>")
def get_payout(call: ApiCall, payout: str) -> JsonObject:
    return retrieve(call.store, call.account, "payout", payout)


@endpoint("POST", "/customers")
def create_customer(call: ApiCall) -> JsonObject:
    return customers.create(call.store, call.account, call.params)


@endpoint("GET", "/customers/<customer>")
def get_customer(call: ApiCall, customer: str) -> JsonObject:
    return retrieve(call.store, call.account, "customer", customer)


@endpoint("GET", "/customers/<customer>/cash_balance")
def get_cash_balance(call: ApiCall, customer: str) -> JsonObject:
    return customers.cash_balance(call.store, call.account, customer)


@endpoint("GET", "/balance_transactions")
def list_balance_transactions(call: ApiCall) -> JsonObject:
    if "payout" in call.params:
        held = payouts.transactions_of(call.store, call.account, call.params["payout"])
        return paginate(held, call.params, "/v1/balance_transactions")
    return _list(call, "balance_transaction", "/v1/balance_transactions", "type", "source", "currency")


@endpoint("GET", "/balance_transactions/<transaction>")
def get_balance_transaction(call: ApiCall, transaction: str) -> JsonObject:
    return retrieve(call.store, call.account, "balance_transaction", transaction)


@endpoint("GET", "/events")
def list_events(call: ApiCall) -> JsonObject:
    delivered = {"true": True, "false": False}.get(call.params.get("delivery_success", ""))
    types = call.params.get("types", [call.params["type"]] if "type" in call.params else [])
    return paginate(events.list_events(call.store, call.account, types, delivered), call.params, "/v1/events")


@endpoint("GET", "/events/<event>")
def get_event(call: ApiCall, event: str) -> JsonObject:
    return retrieve(call.store, call.account, "event", event)


@endpoint("POST", "/webhook_endpoints")
def create_endpoint(call: ApiCall) -> JsonObject:
    return endpoints.create(call.store, call.account, call.params)


@endpoint("GET", "/webhook_endpoints")
def list_endpoints(call: ApiCall) -> JsonObject:
    return paginate(call.store.list_objects("webhook_endpoint", call.account), call.params, "/v1/webhook_endpoints")


@endpoint("GET", "/webhook_endpoints/<hook>")
def get_endpoint(call: ApiCall, hook: str) -> JsonObject:
    return retrieve(call.store, call.account, "webhook_endpoint", hook)


@endpoint("POST", "/webhook_endpoints/<hook>")
def update_endpoint(call: ApiCall, hook: str) -> JsonObject:
    return endpoints.update(call.store, call.account, hook, call.params)


@endpoint("DELETE", "/webhook_endpoints/<hook>")
def delete_endpoint(call: ApiCall, hook: str) -> JsonObject:
    return endpoints.delete(call.store, call.account, hook)
