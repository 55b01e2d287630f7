"""Idempotency keys: the same request twice is carried out once, and answered twice with the same bytes."""

import hashlib
import json
from collections.abc import Callable

from madoguchi_sandbox.store import Object, Store
from madoguchi_sandbox.wire import ApiError

KEPT = 24 * 3600  # seconds
Answer = tuple[int, Object]


def once(store: Store, account: str, key: str, asked: Object, *, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Do `work` unless `key` was used before; returns the answer, and whether it is a replay. `asked` is path and parameters.

    The key is claimed in a transaction of its own, so a second request that arrives meanwhile sees it and gets a 409. An
    answer is kept whatever it is, errors of the server included: that is how version 1 of the API behaves.
    """
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    with store.transaction():
        store.rows("DELETE FROM idempotency WHERE created < ?", store.now() - KEPT)
        seen = store.rows("SELECT * FROM idempotency WHERE account = ? AND key = ?", account, key)
        if not seen:
            store.rows(
                "INSERT INTO idempotency (account, key, digest, created) VALUES (?, ?, ?, ?)",
                account,
                key,
                digest,
                store.now(),
            )
    if seen:
        return _replay(seen[0]["digest"], digest, seen[0]["status"], seen[0]["body"], key), True
    try:
        with store.transaction():
            status, body = work()
            store.rows(
                "UPDATE idempotency SET status = ?, body = ? WHERE account = ? AND key = ?",
                status,
                json.dumps(body),
                account,
                key,
            )
    except BaseException:
        # Refused before anything was done (a bad parameter): the key stays free, as in Stripe's API.
        store.rows("DELETE FROM idempotency WHERE account = ? AND key = ?", account, key)
        raise
    return (status, body), False


def _replay(kept: str, digest: str, status: int | None, body: str | None, key: str) -> Answer:
    if kept != digest:
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
