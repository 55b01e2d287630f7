"""Events: a change of an object with a snapshot of it, which webhooks deliver."""

import copy

from madoguchi_sandbox import deliveries
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import API_VERSION

KEPT_SECONDS = 30 * 86400  # how long the API lists an event


def emit(
    store: Store, account: str, kind: str, subject: JsonObject, *, request_id: str | None = None, key: str | None = None
) -> JsonObject:
    """Record the event `kind` about `subject` and queue it for every subscribed endpoint."""
    endpoints = [e for e in store.list_objects("webhook_endpoint", account) if is_subscribed(e, kind)]
    event: JsonObject = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": store.now(),
        "data": {"object": copy.deepcopy(subject)},
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": {"id": request_id, "idempotency_key": key},
        "type": kind,
    }
    store.add(account, event)
    for endpoint in endpoints:
        deliveries.queue(store, event["id"], endpoint["id"])
    return event


def is_subscribed(endpoint: JsonObject, kind: str) -> bool:
    """Return whether an endpoint is subscribed to events of this type."""
    return endpoint["status"] == "enabled" and ("*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"])


def list_events(store: Store, account: str, types: list[str], delivered: bool | None) -> list[JsonObject]:
    """Return events newest first, filtered by type and by whether every endpoint acknowledged them (`delivery_success`)."""
    oldest = store.now() - KEPT_SECONDS
    is_lost = delivered is False
    events = (
        store.unacknowledged_events(account, oldest) if is_lost else store.list_objects("event", account, since=oldest)
    )
    failing = deliveries.undelivered_event_ids(store) if delivered else set()
    return [e for e in events if e["id"] not in failing and (not types or e["type"] in types)]
