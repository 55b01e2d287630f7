"""Idempotency keys: a request sent twice is executed once, and both get the same response."""

import hashlib
import json
from collections.abc import Callable

from madoguchi_sandbox.store import JsonObject, Store
from madoguchi_sandbox.wire import ApiError

KEY_LIFETIME = 24 * 3600  # seconds
MAX_KEY_LENGTH = 255
ApiResponse = tuple[int, JsonObject]


def execute_once(
    store: Store, account: str, key: str, request: JsonObject, *, operation: Callable[[], ApiResponse]
) -> tuple[ApiResponse, bool]:
    """Execute `operation` unless `key` was used before; return the response and whether it is a replay. `request` is path and parameters.

    The key is claimed in a transaction of its own, so a second request that arrives meanwhile sees it and gets a 409. A
    response is kept whatever it is, errors of the server included: that is how version 1 of the API behaves.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise ApiError(
            f"Idempotency keys must be at most {MAX_KEY_LENGTH} characters.", code="idempotency_key_too_long"
        )
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    with store.transaction():
        store.execute("DELETE FROM idempotency WHERE created < ?", store.now() - KEY_LIFETIME)
        claimed = store.execute("SELECT * FROM idempotency WHERE account = ? AND key = ?", account, key)
        if not claimed:
            store.execute(
                "INSERT INTO idempotency (account, key, digest, created) VALUES (?, ?, ?, ?)",
                account,
                key,
                digest,
                store.now(),
            )
    if claimed:
        return _replay(claimed[0]["digest"], digest, claimed[0]["status"], claimed[0]["body"], key), True
    try:
        with store.transaction():
            status, body = operation()
            store.execute(
                "UPDATE idempotency SET status = ?, body = ? WHERE account = ? AND key = ?",
                status,
                json.dumps(body),
                account,
                key,
            )
    except BaseException:
        # Refused before anything was done (a bad parameter): the key stays free, as in Stripe's API.
        store.execute("DELETE FROM idempotency WHERE account = ? AND key = ?", account, key)
        raise
    return (status, body), False


def _replay(original_digest: str, digest: str, status: int | None, body: str | None, key: str) -> ApiResponse:
    if original_digest != digest:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise ApiError(message, kind="idempotency_error")
    if status is None or body is None:
        raise ApiError(
            "There is currently another in-progress request using this Stripe idempotency key.",
            status=409, kind="idempotency_error", code="idempotency_key_in_use",
        )  # fmt: skip
    return status, json.loads(body)
