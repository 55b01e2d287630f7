"""The routes of Stripe's API that a city needs: objects read and listed by tables, everything else a call of the module of its resource."""

from madoguchi_sandbox import account, customers, disputes, endpoints, events, intents, payouts, refunds, sessions
from madoguchi_sandbox.calls import ApiCall, bp, endpoint
from madoguchi_sandbox.store import JsonObject
from madoguchi_sandbox.wire import earliest, paginate, retrieve

__all__ = ["bp"]

READ_BY_ID = {
    "/checkout/sessions": "checkout.session",
    "/payment_intents": "payment_intent",
    "/charges": "charge",
    "/refunds": "refund",
    "/disputes": "dispute",
    "/payouts": "payout",
    "/customers": "customer",
    "/balance_transactions": "balance_transaction",
    "/events": "event",
    "/webhook_endpoints": "webhook_endpoint",
}
"""The kind of the objects that are read one by one below a path."""
LISTED_BY = {
    "/checkout/sessions": ("payment_intent", "status", "customer"),
    "/payment_intents": ("customer",),
    "/charges": ("payment_intent", "customer"),
    "/refunds": ("payment_intent", "charge"),
    "/disputes": ("charge", "payment_intent"),
    "/payouts": ("status",),
    "/webhook_endpoints": (),
}
"""The fields by which a list is filtered, for lists of all objects of a kind."""


def _list(call: ApiCall, kind: str, url: str, *filters: str) -> JsonObject:
    """Return a page of the account's objects of a kind, those whose fields equal the given filters."""
    filter_values = {name: call.params[name] for name in filters if name in call.params}
    since = earliest(call.params)
    return paginate(call.store.list_objects(kind, call.account, since=since, **filter_values), call.params, url)


def _read(path: str, kind: str) -> None:
    @endpoint("GET", f"{path}/<object_id>")
    def get(call: ApiCall, object_id: str) -> JsonObject:
        return retrieve(call.store, call.account, kind, object_id)


def _listed(path: str, kind: str, filters: tuple[str, ...]) -> None:
    @endpoint("GET", path)
    def get_all(call: ApiCall) -> JsonObject:
        return _list(call, kind, f"/v1{path}", *filters)


for _path, _kind in READ_BY_ID.items():
    _read(_path, _kind)
    if _path in LISTED_BY:
        _listed(_path, _kind, LISTED_BY[_path])


@endpoint("GET", "/account")
def get_account(call: ApiCall) -> JsonObject:
    return account.describe(call.store, call.account)


@endpoint("GET", "/balance")
def get_balance(call: ApiCall) -> JsonObject:
    return payouts.balance_of(call.store, call.account)


@endpoint("POST", "/checkout/sessions")
def create_session(call: ApiCall) -> JsonObject:
    return sessions.create(call.store, call.account, call.params, call.base_url)


@endpoint("POST", "/checkout/sessions/<session>/expire")
def expire_session(call: ApiCall, session: str) -> JsonObject:
    return sessions.expire(call.store, call.account, session)


@endpoint("GET", "/checkout/sessions/<session>/line_items")
def list_line_items(call: ApiCall, session: str) -> JsonObject:
    retrieve(call.store, call.account, "checkout.session", session)
    items = call.store.private_data(session)["line_items"]
    return paginate(items, call.params, f"/v1/checkout/sessions/{session}/line_items")


@endpoint("POST", "/payment_intents/<intent>/cancel")
def cancel_intent(call: ApiCall, intent: str) -> JsonObject:
    return intents.cancel_by_id(call.store, call.account, intent, call.params.get("cancellation_reason"))


@endpoint("POST", "/refunds")
def create_refund(call: ApiCall) -> JsonObject:
    return refunds.create(call.store, call.account, call.params)


@endpoint("POST", "/refunds/<refund>/cancel")
def cancel_refund(call: ApiCall, refund: str) -> JsonObject:
    return refunds.cancel(call.store, call.account, refund)


@endpoint("POST", "/disputes/<dispute>/close")
def close_dispute(call: ApiCall, dispute: str) -> JsonObject:
    return disputes.accept(call.store, call.account, dispute)


@endpoint("POST", "/customers")
def create_customer(call: ApiCall) -> JsonObject:
    return customers.create(call.store, call.account, call.params)


@endpoint("GET", "/customers/<customer>/cash_balance")
def get_cash_balance(call: ApiCall, customer: str) -> JsonObject:
    return customers.cash_balance(call.store, call.account, customer)


@endpoint("POST", "/customers/<customer>")
def update_customer(call: ApiCall, customer: str) -> JsonObject:
    return customers.update(call.store, call.account, customer, call.params)


@endpoint("GET", "/customers/<customer>/cash_balance_transactions")
def list_cash_movements(call: ApiCall, customer: str) -> JsonObject:
    moved = customers.movements(call.store, call.account, customer)
    return paginate(moved, call.params, f"/v1/customers/{customer}/cash_balance_transactions")


@endpoint("GET", "/balance_transactions")
def list_balance_transactions(call: ApiCall) -> JsonObject:
    if "payout" in call.params:
        held = payouts.transactions_of(call.store, call.account, call.params["payout"])
        return paginate(held, call.params, "/v1/balance_transactions")
    return _list(call, "balance_transaction", "/v1/balance_transactions", "type", "source", "currency")


@endpoint("GET", "/events")
def list_events(call: ApiCall) -> JsonObject:
    delivered = {"true": True, "false": False}.get(call.params.get("delivery_success", ""))
    types = call.params.get("types", [call.params["type"]] if "type" in call.params else [])
    return paginate(events.list_events(call.store, call.account, types, delivered), call.params, "/v1/events")


@endpoint("POST", "/webhook_endpoints")
def create_endpoint(call: ApiCall) -> JsonObject:
    return endpoints.create(call.store, call.account, call.params)


@endpoint("POST", "/webhook_endpoints/<hook>")
def update_endpoint(call: ApiCall, hook: str) -> JsonObject:
    return endpoints.update(call.store, call.account, hook, call.params)


@endpoint("DELETE", "/webhook_endpoints/<hook>")
def delete_endpoint(call: ApiCall, hook: str) -> JsonObject:
    return endpoints.delete(call.store, call.account, hook)
