"""Stripe's wire format: nested form keys in, JSON objects, lists and error objects out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from madoguchi_sandbox.store import JsonObject, Store

API_VERSION = "2026-10-28.endive"
Params = dict[str, Any]
_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
MAX_PAGE_SIZE = 100


class ApiError(Exception):
    """An answer other than 200, with the fields of Stripe's error object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`kind` is the error's `type` on the wire; `code` and `param` are left out if empty."""
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: JsonObject = {"error": {"type": kind, "message": message}}
        if code:
            self.body["error"]["code"] = code
        if param:
            self.body["error"]["param"] = param


def parse_params(pairs: Iterable[tuple[str, str]]) -> Params:
    """Parse `line_items[0][price_data][currency]=jpy` pairs into nested dicts and lists."""
    tree: Params = {}
    for key, value in pairs:
        match = _KEY.match(key)
        if match is None:
            raise ApiError(f"Invalid parameter name: {key}", param=key)
        parts = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        node = tree
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise ApiError(f"Invalid parameter: {key}", param=key)
        last = parts[-1]
        node[str(len(node)) if last == "" else last] = value
    return {name: _lists(value) for name, value in tree.items()}


def _lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(name.isdigit() for name in node):
        return [_lists(node[name]) for name in sorted(node, key=int)]
    return {name: _lists(value) for name, value in node.items()}


def reject_unknown_params(params: Mapping[str, Any], allowed: Iterable[str], prefix: str = "") -> None:
    """Raise the error of Stripe for a parameter that is not allowed."""
    for name in params:
        if name not in allowed:
            full = f"{prefix}[{name}]" if prefix else name
            raise ApiError(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)


def parse_integer(params: Mapping[str, Any], name: str, default: int | None = None, *, param: str = "") -> int:
    """Return a parameter as an integer; a fraction or a word is an error, as yen have no fraction."""
    value = params.get(name)
    if value is None and default is not None:
        return default
    if value is None:
        raise ApiError(f"Missing required param: {param or name}.", code="parameter_missing", param=param or name)
    if not re.fullmatch(r"-?\d{1,12}", str(value)):
        raise ApiError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param or name)
    return int(value)


def not_found(kind: str, object_id: str) -> ApiError:
    """Return the 404 for an id that does not exist or belongs to another account."""
    return ApiError(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param="id")


def retrieve(store: Store, account: str, kind: str, object_id: str) -> JsonObject:
    """Return the account's object of this kind. Raises the 404 of `not_found`."""
    body = store.find(object_id, account)
    if body is None or body["object"] != kind:
        raise not_found(kind.replace(".", "_"), object_id)
    return body


def earliest(params: Mapping[str, Any]) -> int:
    """Return the time from which on objects can be in a list with these `created` bounds; `paginate` looks at the bounds themselves."""
    created = params.get("created", {})
    bounds = {"gte": created} if isinstance(created, str) else created
    return max((parse_integer(bounds, name) for name in ("gt", "gte") if name in bounds), default=0)


def paginate(objects: list[JsonObject], params: Mapping[str, Any], url: str) -> JsonObject:
    """Return one page of a list (newest first), with Stripe's cursors and `created` bounds."""
    created = params.get("created", {})
    bounds = {"gte": created} | {"lte": created} if isinstance(created, str) else created
    tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    for name in bounds:
        limit_time = parse_integer(bounds, name)
        objects = [o for o in objects if tests[name](o["created"], limit_time)]
    limit = parse_integer(params, "limit", 10)
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise ApiError("limit must be between 1 and 100.", param="limit")
    ids = [o["id"] for o in objects]
    if (after := params.get("starting_after")) is not None:
        if after not in ids:
            raise not_found("object", after)
        objects = objects[ids.index(after) + 1 :]
    elif (before := params.get("ending_before")) is not None:
        if before not in ids:
            raise not_found("object", before)
        earlier = objects[: ids.index(before)]
        return {"object": "list", "url": url, "has_more": len(earlier) > limit, "data": earlier[-limit:]}
    return {"object": "list", "url": url, "has_more": len(objects) > limit, "data": objects[:limit]}


def expand(store: Store, body: JsonObject, paths: Iterable[str]) -> JsonObject:
    """Replace ids by the objects they name, along dotted paths such as `payment_intent.latest_charge`."""
    for path in paths:
        _expand(store, body, path.split("."))
    return body


def _expand(store: Store, node: Any, parts: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(store, item, parts)
        return
    if not parts or not isinstance(node, dict):
        return
    name, rest = parts[0], parts[1:]
    if name == "line_items" and node.get("object") == "checkout.session":
        node[name] = paginate(
            store.private_data(node["id"])["line_items"],
            {"limit": str(MAX_PAGE_SIZE)},
            f"/v1/checkout/sessions/{node['id']}/line_items",
        )
    elif name == "refunds" and node.get("object") == "charge":
        node[name] = paginate(
            [r for r in store.list_objects("refund") if r["charge"] == node["id"]],
            {},
            f"/v1/charges/{node['id']}/refunds",
        )
    elif isinstance(node.get(name), str):
        node[name] = store.find(node[name]) or node[name]
    elif name not in node:
        raise ApiError(f"This property cannot be expanded ({name}).", param="expand")
    _expand(store, node[name], rest)
