"""The Stripe adapter without a connection: which keys it accepts, and what it would send."""

import json
from datetime import UTC, datetime

import pytest

from portal.payments.provider import CheckoutLine, CheckoutRequest, InvalidSignature, ProviderRejected
from portal.payments.stripe import StripeProvider
from portal.payments.stripe.checkout_payload import CheckoutPayload


def order(*lines: CheckoutLine) -> CheckoutRequest:
    return CheckoutRequest(
        reference="pay:abc:1",
        title="犬の登録",
        payee="立川市",
        lines=lines,
        methods=["card"],
        return_url="https://tachikawa.example/pay/abc/return",
        expires_at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
        konbini_days=3,
    )


def test_a_live_key_is_never_sent_to_a_stand_in() -> None:
    with pytest.raises(ValueError, match="only a test key"):
        StripeProvider("sk_live_abc", "http://127.0.0.1:8025")


def test_a_live_key_is_fine_at_stripe_itself() -> None:
    assert StripeProvider("sk_live_abc")


@pytest.mark.parametrize("amount", [1, 120, 300, 1_000_000])
def test_yen_are_sent_unscaled(amount: int) -> None:
    request = StripeProvider("sk_test_x").build_payload(order(CheckoutLine("手数料", amount)))
    assert request["line_items"][0]["price_data"] == {
        "currency": "jpy",
        "unit_amount": amount,
        "product_data": {"name": "手数料"},
    }


def test_free_lines_explain_but_are_not_charged() -> None:
    request = StripeProvider("sk_test_x").build_payload(
        order(CheckoutLine("登録", 3000), CheckoutLine("減免", 0, "免除"))
    )
    assert len(request["line_items"]) == 1


def test_a_reduction_leaves_one_line_of_what_is_to_pay() -> None:
    request = StripeProvider("sk_test_x").build_payload(order(CheckoutLine("登録", 3000), CheckoutLine("減額", -1000)))
    assert [item["price_data"]["unit_amount"] for item in request["line_items"]] == [2000]
    assert request["line_items"][0]["price_data"]["product_data"] == {"name": "犬の登録"}


def test_the_return_address_is_the_same_for_every_outcome() -> None:
    request = StripeProvider("sk_test_x").build_payload(order(CheckoutLine("手数料", 300)))
    assert request["success_url"] == request["cancel_url"] == "https://tachikawa.example/pay/abc/return"


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "nonsense"])
def test_a_notice_without_a_valid_signature_is_rejected(header: str) -> None:
    with pytest.raises(InvalidSignature):
        StripeProvider("sk_test_x").verify_event(b'{"id": "evt_1"}', header, ["whsec_x"])


def test_what_is_stored_is_what_is_sent() -> None:
    lines = (CheckoutLine("登録", 3000), CheckoutLine("注射済票", 550, "1頭分"))
    stored = StripeProvider("sk_test_x").build_payload(order(*lines))
    assert CheckoutPayload.from_stored(json.loads(json.dumps(stored))).as_params() == stored


@pytest.mark.parametrize("change", [{"mode": "subscription"}, {"expires_at": "soon"}, {"discounts": []}])
def test_a_stored_request_that_was_changed_is_never_sent(change: dict[str, object]) -> None:
    stored = StripeProvider("sk_test_x").build_payload(order(CheckoutLine("手数料", 300)))
    with pytest.raises(ProviderRejected, match="invalid_payload"):
        StripeProvider("sk_test_x").open_checkout(stored | change, "pay:abc:1")
