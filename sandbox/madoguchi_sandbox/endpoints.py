"""Webhook endpoints. The signing secret is returned only once, at creation."""

from urllib.parse import urlsplit

from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import API_VERSION, ApiError, Params, reject_unknown_params, retrieve


def create(store: Store, account: str, params: Params) -> JsonObject:
    """Register an endpoint and return it with its secret."""
    reject_unknown_params(params, ("url", "enabled_events", "description", "metadata", "api_version"))
    url = str(params.get("url", ""))
    if urlsplit(url).scheme not in ("http", "https"):
        raise ApiError(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url"
        )
    if not params.get("enabled_events"):
        raise ApiError("Missing required param: enabled_events.", code="parameter_missing", param="enabled_events")
    secret = new_id("whsec")
    endpoint: JsonObject = {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": params.get("api_version", API_VERSION),
        "application": None,
        "created": store.now(),
        "description": params.get("description"),
        "enabled_events": list(params["enabled_events"]),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "status": "enabled",
        "url": url,
    }
    store.add(account, endpoint, secret=secret)
    return endpoint | {"secret": secret}


def update(store: Store, account: str, endpoint_id: str, params: Params) -> JsonObject:
    """Change the address or the events of an endpoint, or disable it."""
    reject_unknown_params(params, ("url", "enabled_events", "description", "metadata", "disabled"))
    endpoint = retrieve(store, account, "webhook_endpoint", endpoint_id)
    for name in ("url", "enabled_events", "description", "metadata"):
        if name in params:
            endpoint[name] = params[name]
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] == "true" else "enabled"
    return store.save(endpoint)


def delete(store: Store, account: str, endpoint_id: str) -> JsonObject:
    """Delete an endpoint."""
    retrieve(store, account, "webhook_endpoint", endpoint_id)
    store.remove(endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}
