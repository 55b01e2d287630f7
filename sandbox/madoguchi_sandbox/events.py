"""Events: what happened to an object, with the object as it stood at that moment; the raw material of webhooks."""

import copy

from madoguchi_sandbox import deliveries
from madoguchi_sandbox.store import Object, Store, new_id
from madoguchi_sandbox.wire import API_VERSION


def emit(
    store: Store, account: str, kind: str, subject: Object, *, request_id: str | None = None, key: str | None = None
) -> Object:
    """Record the event `kind` about `subject` and queue it for every endpoint that listens."""
    endpoints = [e for e in store.all("webhook_endpoint", account) if listens(e, kind)]
    event: Object = {
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


def listens(endpoint: Object, kind: str) -> bool:
    """Whether an endpoint wants events of this type."""
    return endpoint["status"] == "enabled" and ("*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"])


def listed(store: Store, account: str, kinds: list[str], delivered: bool | None) -> list[Object]:
    """Events newest first, by type and by whether every endpoint took them (`delivery_success`)."""
    found = store.all("event", account)
    if kinds:
        found = [e for e in found if e["type"] in kinds]
    if delivered is not None:
        failing = deliveries.events_not_delivered(store)
        found = [e for e in found if (e["id"] not in failing) == delivered]
    return found
