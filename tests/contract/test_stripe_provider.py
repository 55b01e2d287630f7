"""The port as the portal uses it, on the sandbox and, when a test key is given, on Stripe itself: the same answers from both.

Give the key of a Stripe account in test mode as `MADOGUCHI_STRIPE_TEST_KEY` to include Stripe.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from madoguchi_sandbox import SandboxServer
from portal.payments.provider import CheckoutLine, CheckoutRequest, ProviderRejected
from portal.payments.stripe import StripeProvider

STRIPE_KEY = os.environ.get("MADOGUCHI_STRIPE_TEST_KEY", "")
PLACES = ["sandbox", *(["stripe"] if STRIPE_KEY else [])]


@pytest.fixture(scope="module", params=PLACES)
def provider(request: pytest.FixtureRequest) -> Iterator[StripeProvider]:
    if request.param == "stripe":
        yield StripeProvider(STRIPE_KEY)
        return
    running = SandboxServer("127.0.0.1", 0, None, None)
    running.start(send_webhooks=False)
    yield StripeProvider("sk_test_contract", running.url)
    running.stop()


def an_order(*lines: CheckoutLine) -> CheckoutRequest:
    return CheckoutRequest(
        reference=f"pay:{secrets.token_hex(8)}:1",
        title="犬の登録",
        payee="立川市",
        lines=lines or (CheckoutLine("犬の登録", 3000), CheckoutLine("注射済票", 550, "1頭分")),
        methods=["card"],
        return_url="https://tachikawa.example/pay/x/return",
        expires_at=datetime.now(UTC) + timedelta(hours=2),
        konbini_days=3,
    )


def test_a_page_opens_with_the_amount_and_our_reference(provider: StripeProvider) -> None:
    order = an_order()
    checkout = provider.open_checkout(provider.build_payload(order), order.reference)
    assert (checkout.status, checkout.amount, checkout.currency, checkout.reference) == (
        "open",
        3550,
        "jpy",
        order.reference,
    )
    assert checkout.url is not None
    assert checkout.intent_id is None


def test_the_same_key_gives_the_same_page_and_refuses_another_request(provider: StripeProvider) -> None:
    order = an_order()
    request = provider.build_payload(order)
    first = provider.open_checkout(request, order.reference)
    assert provider.open_checkout(request, order.reference).checkout_id == first.checkout_id
    with pytest.raises(ProviderRejected):
        provider.open_checkout(request | {"client_reference_id": "another"}, order.reference)


def test_a_page_whose_answer_was_lost_is_found(provider: StripeProvider) -> None:
    order = an_order()
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    since = datetime.now(UTC) - timedelta(minutes=5)
    checkout = provider.find_checkout(order.reference, since)
    assert checkout is not None
    assert checkout.checkout_id == opened.checkout_id
    assert provider.find_checkout("pay:never:1", since) is None


def test_a_closed_page_is_expired_and_closing_again_is_harmless(provider: StripeProvider) -> None:
    order = an_order()
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    assert provider.expire_checkout(opened.checkout_id).status == "expired"
    assert provider.expire_checkout(opened.checkout_id).status == "expired"


def test_too_small_an_amount_is_refused_with_a_message(provider: StripeProvider) -> None:
    order = an_order(CheckoutLine("手数料", 1))
    with pytest.raises(ProviderRejected):
        provider.open_checkout(provider.build_payload(order), order.reference)


def test_an_unknown_page_is_refused(provider: StripeProvider) -> None:
    with pytest.raises(ProviderRejected) as refused:
        provider.read_checkout("cs_test_never")
    assert refused.value.code == "resource_missing"
