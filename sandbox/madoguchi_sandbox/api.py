"""The routes of Stripe's API that a city needs, each a call of the module of its resource."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, request

from madoguchi_sandbox import endpoints, events, idempotency, intents, refunds, scheduler, sessions
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, expand, paginate, parse_params, retrieve

bp = Blueprint("api", __name__, url_prefix="/v1")


@dataclass(frozen=True)
class ApiCall:
    """An authenticated request: the account and its parameters."""

    store: Store
    account: str
    params: Params
    base_url: str


Handler = Callable[..., JsonObject]


def current_store() -> Store:
    """Return the store of the running application."""
    store: Store = current_app.extensions["sandbox"].store
    return store


def base_url() -> str:
    """Return the address at which a browser reaches the hosted pages."""
    return str(current_app.extensions["sandbox"].public_url or request.host_url)


def _authenticate() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise ApiError("You did not provide an API key.", status=401)
    if not token.startswith("sk_test_"):
        raise ApiError("Invalid API Key provided: the sandbox only takes keys that begin with sk_test_.", status=401)
    return "acct_" + hashlib.sha256(token.encode()).hexdigest()[:16]


def endpoint(method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register `handler(call, **ids)` for a route: authentication, parameters, idempotency, faults and expansion are handled here."""

    def register(handler: Handler) -> Handler:
        def view(**ids: str) -> Response:
            store = current_store()
            scheduler.run_due(store)
            params = parse_params((request.form if method == "POST" else request.args).items(multi=True))
            paths = params.pop("expand", [])
            call = ApiCall(store, _authenticate(), params, base_url())

            def operation() -> idempotency.ApiResponse:
                return _with_fault(store, lambda: (200, handler(call, **ids)))

            key = request.headers.get("Idempotency-Key", "")
            if method == "POST" and key:
                (status, body), replayed = idempotency.execute_once(
                    store, call.account, key, {request.path: params}, operation=operation
                )
            else:
                with store.transaction():
                    status, body = operation()
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


def _with_fault(store: Store, operation: Callable[[], idempotency.ApiResponse]) -> idempotency.ApiResponse:
    """Inject the operator's `api_fault`: answer 500 before or after the operation."""
    fault = store.setting("api_fault")
    broken = {"error": {"type": "api_error", "message": "An unknown error occurred (switched on by the operator)."}}
    if fault == "before":
        return 500, broken
    status, body = operation()
    return (500, broken) if fault == "after" else (status, body)


@bp.errorhandler(ApiError)
def _error_response(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


@endpoint("POST", "/checkout/sessions")
def create_session(call: ApiCall) -> JsonObject:
    return sessions.create(call.store, call.account, call.params, call.base_url)


@endpoint("GET", "/checkout/sessions")
def list_sessions(call: ApiCall) -> JsonObject:
    matching = call.store.list_objects("checkout.session", call.account)
    for name in ("payment_intent", "status"):
        if name in call.params:
            matching = [s for s in matching if s[name] == call.params[name]]
    return paginate(matching, call.params, "/v1/checkout/sessions")


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
    return paginate(call.store.list_objects("payment_intent", call.account), call.params, "/v1/payment_intents")


@endpoint("GET", "/payment_intents/<intent>")
def get_intent(call: ApiCall, intent: str) -> JsonObject:
    return retrieve(call.store, call.account, "payment_intent", intent)


@endpoint("POST", "/payment_intents/<intent>/cancel")
def cancel_intent(call: ApiCall, intent: str) -> JsonObject:
    return intents.cancel_by_id(call.store, call.account, intent, call.params.get("cancellation_reason"))


@endpoint("GET", "/charges")
def list_charges(call: ApiCall) -> JsonObject:
    matching = call.store.list_objects("charge", call.account)
    if "payment_intent" in call.params:
        matching = [c for c in matching if c["payment_intent"] == call.params["payment_intent"]]
    return paginate(matching, call.params, "/v1/charges")


@endpoint("GET", "/charges/<charge>")
def get_charge(call: ApiCall, charge: str) -> JsonObject:
    return retrieve(call.store, call.account, "charge", charge)


@endpoint("POST", "/refunds")
def create_refund(call: ApiCall) -> JsonObject:
    return refunds.create(call.store, call.account, call.params)


@endpoint("GET", "/refunds")
def list_refunds(call: ApiCall) -> JsonObject:
    matching = call.store.list_objects("refund", call.account)
    for name in ("payment_intent", "charge"):
        if name in call.params:
            matching = [r for r in matching if r[name] == call.params[name]]
    return paginate(matching, call.params, "/v1/refunds")


@endpoint("GET", "/refunds/<refund>")
def get_refund(call: ApiCall, refund: str) -> JsonObject:
    return retrieve(call.store, call.account, "refund", refund)


@endpoint("GET", "/balance_transactions")
def list_balance_transactions(call: ApiCall) -> JsonObject:
    return paginate(
        call.store.list_objects("balance_transaction", call.account), call.params, "/v1/balance_transactions"
    )


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
