"""Partial outages: chosen endpoints of the API answer 500, fall silent, cut the connection, or say that it is too much.

One trouble is on at a time. Its settings are `api_fault` (one of `KINDS`; empty: all is well), `api_fault_endpoints` (`POST
/checkout/sessions`, one a line; empty: all of them), `api_fault_percent` (how many of a hundred requests it strikes) and
`api_fault_seconds` (how long a silence lasts).
"""

import secrets
import socket
import time
from collections.abc import Mapping

from madoguchi_sandbox.store import JsonObject, Store
from madoguchi_sandbox.wire import ApiError

KINDS = {
    "before": "処理せずに500",
    "after": "処理してから500",
    "silent": "処理してから答えない",
    "cut": "処理してから接続を切る",
    "rate_limit": "混みあっていると断る(429)",
}
RETRY_AFTER_SECONDS = 2
SILENCE_SECONDS = 15  # longer than clients of Stripe are wont to wait
BROKEN: JsonObject = {
    "error": {"type": "api_error", "message": "An unknown error occurred (switched on by the operator)."}
}


def strikes(percent: str) -> bool:
    """Whether a trouble that strikes `percent` of a hundred times (empty: always) does so this time."""
    return secrets.randbelow(100) < int(percent or "100")


def trouble_of(store: Store, endpoint: str) -> str:
    """Return the trouble that strikes this request of an endpoint (`GET /events`), or an empty string."""
    kind = store.setting("api_fault")
    chosen = store.setting("api_fault_endpoints").split("\n")
    if not kind or (chosen != [""] and endpoint not in chosen) or not strikes(store.setting("api_fault_percent")):
        return ""
    return kind


def too_many_requests() -> ApiError:
    """Return the answer to one request too many: nothing was done, and its key stays free."""
    return ApiError(
        "Request rate limit exceeded (switched on by the operator).",
        status=429,
        code="rate_limit",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Stripe-Rate-Limited-Reason": "endpoint-rate"},
    )


def lose_answer(store: Store, kind: str, environ: Mapping[str, object]) -> None:
    """After the work was done and kept: let the client wait in vain (`silent`), or cut its connection at once (`cut`)."""
    if kind == "silent":
        time.sleep(float(store.setting("api_fault_seconds") or SILENCE_SECONDS))
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
