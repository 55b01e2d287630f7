"""Stripe's wire format: what the client sends is understood, and unknown parameters are refused by name."""

from pathlib import Path

import pytest

from madoguchi_sandbox.store import Store
from madoguchi_sandbox.wire import ApiError, paginate, parse_integer, parse_params, reject_unknown_params


def test_nested_keys_become_dicts_and_lists() -> None:
    parsed = parse_params(
        [
            ("mode", "payment"),
            ("line_items[0][price_data][unit_amount]", "300"),
            ("line_items[1][quantity]", "2"),
            ("expand[0]", "payment_intent"),
            ("metadata[reference]", "pay:1"),
        ]
    )
    assert parsed["line_items"] == [{"price_data": {"unit_amount": "300"}}, {"quantity": "2"}]
    assert parsed["expand"] == ["payment_intent"]
    assert parsed["metadata"] == {"reference": "pay:1"}


def test_lists_longer_than_ten_keep_their_order() -> None:
    assert parse_params([(f"types[{n}]", str(n)) for n in reversed(range(12))])["types"] == [str(n) for n in range(12)]


@pytest.mark.parametrize("key", ["a[b", "[x]", "a]b"])
def test_a_broken_key_is_refused(key: str) -> None:
    with pytest.raises(ApiError):
        parse_params([(key, "1")])


def test_unknown_parameters_are_named() -> None:
    with pytest.raises(ApiError) as error:
        reject_unknown_params({"mode": "payment", "colour": "red"}, ("mode",))
    assert error.value.body["error"]["param"] == "colour"


@pytest.mark.parametrize("text", ["3.5", "1e3", "三百", "", "1" * 20])
def test_yen_are_whole_numbers(text: str) -> None:
    with pytest.raises(ApiError):
        parse_integer({"amount": text}, "amount")


def test_pages_continue_at_the_cursor() -> None:
    objects = [{"id": f"o{n}", "created": n} for n in range(5)]
    first = paginate(objects, {"limit": "2"}, "/v1/things")
    assert [o["id"] for o in first["data"]] == ["o0", "o1"]
    assert first["has_more"]
    rest = paginate(objects, {"limit": "10", "starting_after": "o1"}, "/v1/things")
    assert [o["id"] for o in rest["data"]] == ["o2", "o3", "o4"]
    assert not rest["has_more"]


def test_a_restart_keeps_everything_but_broken_off_requests(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    store = Store(path)
    store.add("acct_1", {"id": "cs_1", "object": "checkout.session", "created": 1}, line_items=[])
    store.execute("INSERT INTO idempotency (account, key, digest, created) VALUES ('acct_1', 'k', 'd', 1)")
    store.close()
    reopened = Store(path)
    assert reopened.get("cs_1")["object"] == "checkout.session"
    assert reopened.execute("SELECT * FROM idempotency") == []
    reopened.close()
