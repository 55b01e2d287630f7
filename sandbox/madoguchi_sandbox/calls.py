"""A request of the API: who asks, with which parameters, once for each idempotency key, and with the troubles of the day."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, request

from madoguchi_sandbox import idempotency, scheduler, troubles
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, expand, parse_params

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


def account_of_key(key: str) -> str:
    """Return the account that a key opens: every test key is an account of its own. Raises the 401 for any other key."""
    if key.startswith(("sk_live_", "rk_live_")):
        raise ApiError(
            "This is a sandbox, which never takes a live key: use one that begins with sk_test_. "
            "Treat the key that was sent as disclosed, and roll it in Stripe's dashboard.",
            status=401,
        )
    if not key.startswith(("sk_test_", "rk_test_")):
        raise ApiError("Invalid API Key provided: the sandbox only takes keys that begin with sk_test_.", status=401)
    return "acct_" + hashlib.sha256(key.encode()).hexdigest()[:16]


def _authenticate() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise ApiError("You did not provide an API key.", status=401)
    return account_of_key(token)


ENDPOINTS: list[str] = []
"""Every endpoint as the operator chooses among them: `POST /refunds`."""


def endpoint(method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register `handler(call, **ids)` for a route: authentication, parameters, idempotency, troubles and expansion are handled here."""

    def register(handler: Handler) -> Handler:
        name = f"{method} {rule}"

        def view(**ids: str) -> Response:
            store = current_store()
            scheduler.run_due(store)
            params = parse_params((request.form if method == "POST" else request.args).items(multi=True))
            paths = params.pop("expand", [])
            call = ApiCall(store, _authenticate(), params, base_url())
            trouble = troubles.trouble_of(store, name)
            if trouble == "rate_limit":
                raise troubles.too_many_requests()

            def operation() -> idempotency.ApiResponse:
                if trouble == "before":
                    return 500, troubles.BROKEN
                body = handler(call, **ids)
                return (500, troubles.BROKEN) if trouble == "after" else (200, body)

            (status, body), replayed = _answer(call, operation)
            if trouble in ("silent", "cut"):
                troubles.lose_answer(store, trouble, request.environ)
            response = jsonify(expand(store, body, paths) if status == 200 else body)
            response.status_code = status
            response.headers["Request-Id"] = new_id("req")
            if replayed:
                response.headers["Idempotent-Replayed"] = "true"
            return response

        ENDPOINTS.append(name)
        bp.add_url_rule(rule, name, view, methods=[method])
        return handler

    return register


def _answer(call: ApiCall, operation: Callable[[], idempotency.ApiResponse]) -> tuple[idempotency.ApiResponse, bool]:
    """Carry out a request, once for its key if it has one; return the answer and whether it is a replay."""
    key = request.headers.get("Idempotency-Key", "")
    if request.method == "POST" and key:
        described = {request.path: call.params}
        return idempotency.execute_once(call.store, call.account, key, described, operation=operation)
    with call.store.transaction():
        return operation(), False


@bp.errorhandler(ApiError)
def _error_response(error: ApiError) -> tuple[Response, int, dict[str, str]]:
    return jsonify(error.body), error.status, error.headers
