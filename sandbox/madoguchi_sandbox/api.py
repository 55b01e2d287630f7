"""The routes of Stripe's API that a city needs, each a line over the noun that does the work."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, request

from madoguchi_sandbox import endpoints, events, idempotency, intents, lapses, refunds, sessions
from madoguchi_sandbox.store import Object, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, expand, fetch, page, parse

bp = Blueprint("api", __name__, url_prefix="/v1")


@dataclass(frozen=True)
class Call:
    """One request: whose it is and what it says."""

    store: Store
    account: str
    params: Params
    base_url: str


Handler = Callable[..., Object]


def sandbox_store() -> Store:
    """The store of the running application."""
    store: Store = current_app.extensions["sandbox"].store
    return store


def base_url() -> str:
    """Where a browser finds the hosted pages."""
    return str(current_app.extensions["sandbox"].public_url or request.host_url)


def _account() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise ApiError("You did not provide an API key.", status=401)
    if not token.startswith("sk_test_"):
        raise ApiError("Invalid API Key provided: the sandbox only takes keys that begin with sk_test_.", status=401)
    return "acct_" + hashlib.sha256(token.encode()).hexdigest()[:16]


def endpoint(method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register `handler(call, **ids)` for a route: key, parameters, idempotency, faults and expansion are done here."""

    def register(handler: Handler) -> Handler:
        def view(**ids: str) -> Response:
            store = sandbox_store()
            lapses.let_time_pass(store)
            params = parse((request.form if method == "POST" else request.args).items(multi=True))
            paths = params.pop("expand", [])
            call = Call(store, _account(), params, base_url())

            def work() -> idempotency.Answer:
                return _faulty(store, lambda: (200, handler(call, **ids)))

            key = request.headers.get("Idempotency-Key", "")
            if method == "POST" and key:
                (status, body), replayed = idempotency.once(store, call.account, key, {request.path: params}, work=work)
            else:
                with store.transaction():
                    status, body = work()
                replayed = False
            response = jsonify(expand(store, body, paths) if status == 200 else body)
            response.status_code = status
            response.headers["Request-Id"] = new_id("req")
            if replayed:
                response.headers["Idempotent-Replayed"] = "true"
            return response

        bp.add_url_rule(rule, f"{method} {rule}", view, methods=[method])
        return handler

    return register


def _faulty(store: Store, work: Callable[[], idempotency.Answer]) -> idempotency.Answer:
    """The operator's switch `api_fault`: answer 500 before or after the work was done."""
    fault = store.setting("api_fault")
    broken = {"error": {"type": "api_error", "message": "An unknown error occurred (switched on by the operator)."}}
    if fault == "before":
        return 500, broken
    status, body = work()
    return (500, broken) if fault == "after" else (status, body)


@bp.errorhandler(ApiError)
def _refused(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


@endpoint("POST", "/checkout/sessions")
def create_session(call: Call) -> Object:
    return sessions.create(call.store, call.account, call.params, call.base_url)


@endpoint("GET", "/checkout/sessions")
def list_sessions(call: Call) -> Object:
    found = call.store.all("checkout.session", call.account)
    for name in ("payment_intent", "status"):
        if name in call.params:
            found = [s for s in found if s[name] == call.params[name]]
    return page(found, call.params, "/v1/checkout/sessions")


@endpoint("GET", "/checkout/sessions/<session>")
def get_session(call: Call, session: str) -> Object:
    return fetch(call.store, call.account, "checkout.session", session)


@endpoint("POST", "/checkout/sessions/<session>/expire")
def expire_session(call: Call, session: str) -> Object:
    return sessions.expire(call.store, call.account, session)


@endpoint("GET", "/checkout/sessions/<session>/line_items")
def list_line_items(call: Call, session: str) -> Object:
    fetch(call.store, call.account, "checkout.session", session)
    items = call.store.note(session)["line_items"]
    return page(items, call.params, f"/v1/checkout/sessions/{session}/line_items")


@endpoint("GET", "/payment_intents")
def list_intents(call: Call) -> Object:
    return page(call.store.all("payment_intent", call.account), call.params, "/v1/payment_intents")


@endpoint("GET", "/payment_intents/<intent>")
def get_intent(call: Call, intent: str) -> Object:
    return fetch(call.store, call.account, "payment_intent", intent)


@endpoint("POST", "/payment_intents/<intent>/cancel")
def cancel_intent(call: Call, intent: str) -> Object:
    return intents.cancel_by_id(call.store, call.account, intent, call.params.get("cancellation_reason"))


@endpoint("GET", "/charges")
def list_charges(call: Call) -> Object:
    found = call.store.all("charge", call.account)
    if "payment_intent" in call.params:
        found = [c for c in found if c["payment_intent"] == call.params["payment_intent"]]
    return page(found, call.params, "/v1/charges")


@endpoint("GET", "/charges/<charge>")
def get_charge(call: Call, charge: str) -> Object:
    return fetch(call.store, call.account, "charge", charge)


@endpoint("POST", "/refunds")
def create_refund(call: Call) -> Object:
    return refunds.create(call.store, call.account, call.params)


@endpoint("GET", "/refunds")
def list_refunds(call: Call) -> Object:
    found = call.store.all("refund", call.account)
    for name in ("payment_intent", "charge"):
        if name in call.params:
            found = [r for r in found if r[name] == call.params[name]]
    return page(found, call.params, "/v1/refunds")


@endpoint("GET", "/refunds/<refund>")
def get_refund(call: Call, refund: str) -> Object:
    return fetch(call.store, call.account, "refund", refund)


@endpoint("GET", "/balance_transactions")
def list_balance(call: Call) -> Object:
    return page(call.store.all("balance_transaction", call.account), call.params, "/v1/balance_transactions")


@endpoint("GET", "/balance_transactions/<entry>")
def get_balance(call: Call, entry: str) -> Object:
    return fetch(call.store, call.account, "balance_transaction", entry)


@endpoint("GET", "/events")
def list_events(call: Call) -> Object:
    delivered = {"true": True, "false": False}.get(call.params.get("delivery_success", ""))
    kinds = call.params.get("types", [call.params["type"]] if "type" in call.params else [])
    return page(events.listed(call.store, call.account, kinds, delivered), call.params, "/v1/events")


@endpoint("GET", "/events/<event>")
def get_event(call: Call, event: str) -> Object:
    return fetch(call.store, call.account, "event", event)


@endpoint("POST", "/webhook_endpoints")
def create_endpoint(call: Call) -> Object:
    return endpoints.create(call.store, call.account, call.params)


@endpoint("GET", "/webhook_endpoints")
def list_endpoints(call: Call) -> Object:
    return page(call.store.all("webhook_endpoint", call.account), call.params, "/v1/webhook_endpoints")


@endpoint("GET", "/webhook_endpoints/<hook>")
def get_endpoint(call: Call, hook: str) -> Object:
    return fetch(call.store, call.account, "webhook_endpoint", hook)


@endpoint("POST", "/webhook_endpoints/<hook>")
def update_endpoint(call: Call, hook: str) -> Object:
    return endpoints.update(call.store, call.account, hook, call.params)


@endpoint("DELETE", "/webhook_endpoints/<hook>")
def delete_endpoint(call: Call, hook: str) -> Object:
    return endpoints.delete(call.store, call.account, hook)
