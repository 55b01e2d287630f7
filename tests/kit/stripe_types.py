"""Values held against the types that Stripe's library publishes: objects of its API, and parameters of its requests.

`mismatches` says where a JSON value differs from a type; `RequestCheck` does so for every request that the library sends.
"""

import builtins
import re
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
import stripe
import typing_extensions
from stripe import params
from stripe._api_requestor import _APIRequestor
from stripe.params import checkout

PLACES = (stripe, stripe.checkout, params, checkout, typing, typing_extensions)
MAPPINGS = (dict, stripe.StripeObject)


class _Names(dict[str, Any]):
    """Names of annotations that a module of Stripe imports for type checkers only: found in its packages, or anything."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = vars(sys.modules[module])

    def __missing__(self, name: str) -> Any:
        if name in self._module or hasattr(builtins, name):
            raise KeyError(name)  # what is defined there is found there
        return next((getattr(place, name) for place in PLACES if hasattr(place, name)), Any)


@cache
def fields(kind: type) -> dict[str, Any]:
    """Return the types of a class's or TypedDict's fields by name."""
    return get_type_hints(kind, localns=_Names(kind.__module__))


def mismatches(value: Any, kind: Any, path: str = "") -> list[str]:
    """Return where `value` is not of the type `kind`, one line each; an empty list when it is."""
    if isinstance(kind, typing.TypeVar) or kind is Any:
        return []
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _of_union(value, get_args(kind), path)
    if origin is Literal:
        return [] if value in get_args(kind) else [f"{path}: {value!r} is none of {get_args(kind)}"]
    if origin is list or (origin is not None and issubclass(origin, stripe.ListObject)):
        return _of_list(value, get_args(kind)[0], path)
    if origin is not None and issubclass(origin, MAPPINGS):
        return _of_mapping(value, get_args(kind)[-1], path)
    if kind in (None, NoneType):
        return [] if value is None else [f"{path}: {value!r} is not null"]
    if typing_extensions.is_typeddict(kind) or issubclass(kind, stripe.StripeObject):
        return _of_fields(value, kind, path)
    return [] if type(value) is kind else [f"{path}: {value!r} is no {kind.__name__}"]


def _of_union(value: Any, kinds: tuple[Any, ...], path: str) -> list[str]:
    """Nothing if one of the types fits; else what is wrong with the value as the type to which it comes nearest."""
    alternatives = [mismatches(value, kind, path) for kind in kinds]
    return [] if [] in alternatives else max(alternatives, key=lambda lines: (len(lines[0].split(":")[0]), -len(lines)))


def _of_list(value: Any, kind: Any, path: str) -> list[str]:
    items = value.get("data") if isinstance(value, dict) and value.get("object") == "list" else value
    if not isinstance(items, list):
        return [f"{path}: {value!r} is no list"]
    return [line for number, item in enumerate(items) for line in mismatches(item, kind, f"{path}[{number}]")]


def _of_mapping(value: Any, kind: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no mapping"]
    return [line for name, inner in value.items() for line in mismatches(inner, kind, f"{path}.{name}")]


def _of_fields(value: Any, kind: type, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {kind.__qualname__}"]
    known = fields(kind)
    lines = []
    for name, inner in value.items():
        where = f"{path}.{name}"
        lines += mismatches(inner, known[name], where) if name in known else [f"{where}: {kind.__qualname__} has none"]
    return lines


REQUESTS: dict[str, type] = {
    "GET /v1/account": params.AccountRetrieveParams,
    "GET /v1/balance": params.BalanceRetrieveParams,
    "GET /v1/balance_transactions": params.BalanceTransactionListParams,
    "GET /v1/charges": params.ChargeListParams,
    "GET /v1/charges/*": params.ChargeRetrieveParams,
    "POST /v1/checkout/sessions": checkout.SessionCreateParams,
    "GET /v1/checkout/sessions": checkout.SessionListParams,
    "GET /v1/checkout/sessions/*": checkout.SessionRetrieveParams,
    "POST /v1/checkout/sessions/*/expire": checkout.SessionExpireParams,
    "POST /v1/customers": params.CustomerCreateParams,
    "GET /v1/disputes": params.DisputeListParams,
    "GET /v1/disputes/*": params.DisputeRetrieveParams,
    "GET /v1/events": params.EventListParams,
    "GET /v1/payment_intents/*": params.PaymentIntentRetrieveParams,
    "POST /v1/payment_intents/*/cancel": params.PaymentIntentCancelParams,
    "GET /v1/payouts": params.PayoutListParams,
    "GET /v1/payouts/*": params.PayoutRetrieveParams,
    "POST /v1/refunds": params.RefundCreateParams,
    "GET /v1/refunds": params.RefundListParams,
    "GET /v1/refunds/*": params.RefundRetrieveParams,
    "POST /v1/refunds/*/cancel": params.RefundCancelParams,
    "POST /v1/customers/*": params.CustomerUpdateParams,
    "GET /v1/customers/*/cash_balance": params.CustomerCashBalanceRetrieveParams,
    "GET /v1/customers/*/cash_balance_transactions": params.CustomerCashBalanceTransactionListParams,
    "POST /v1/webhook_endpoints": params.WebhookEndpointCreateParams,
    "GET /v1/webhook_endpoints": params.WebhookEndpointListParams,
    "DELETE /v1/webhook_endpoints/*": params.WebhookEndpointDeleteParams,
}
"""The parameter types of the requests that a city's portal may make. An id in an address is a star."""
ID = re.compile(r"/[a-z]+_\w+(?=/|$)")
PATHS_LIKE_IDS = re.compile(r"/(payment_intents|(cash_)?balance_transactions|cash_balance|webhook_endpoints)")


@dataclass
class RequestCheck:
    """What the library was asked to send: the endpoints, and every parameter that its types do not know."""

    endpoints: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def look_at(self, method: str, url: str, parameters: Any) -> None:
        """Note a request, and hold its parameters against their type."""
        path = "".join(part if PATHS_LIKE_IDS.fullmatch(part) else ID.sub("/*", part) for part in _parts(url))
        endpoint = f"{method.upper()} {path}"
        self.endpoints.add(endpoint)
        if endpoint not in REQUESTS:
            self.wrong.append(f"{endpoint}: say in stripe_types.REQUESTS which type its parameters have")
        else:
            self.wrong += mismatches(dict(parameters or {}), REQUESTS[endpoint], endpoint)


def _parts(url: str) -> Iterator[str]:
    for part in url.strip("/").split("/"):
        yield f"/{part}"


@pytest.fixture
def requests_checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[RequestCheck]:
    """Every request of the test is held against the types of Stripe's library; the test fails if one does not fit."""
    check = RequestCheck()
    send = _APIRequestor.request

    def checked(self: _APIRequestor, method: str, url: str, params: Any = None, *more: Any, **named: Any) -> Any:
        check.look_at(method, url, params)
        return send(self, method, url, params, *more, **named)

    monkeypatch.setattr(_APIRequestor, "request", checked)
    yield check
    assert check.wrong == []
