"""The port as the portal uses it, on the sandbox and, when a test key is given, on Stripe itself: the same answers from both.

Give the key of a Stripe account in test mode as `MADOGUCHI_STRIPE_TEST_KEY` to include Stripe. Every request that the portal makes is
held against the parameter types of Stripe's library.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from madoguchi_sandbox import SandboxServer
from portal.payments.provider import CheckoutLine, CheckoutRequest, CheckoutSnapshot, ProviderRejected
from portal.payments.stripe import StripeProvider
from tests.kit import stripe_payer
from tests.kit.stripe_types import RequestCheck, requests_checked

STRIPE_KEY = os.environ.get("MADOGUCHI_STRIPE_TEST_KEY", "")
PLACES = [
    "sandbox",
    pytest.param(
        "stripe",
        marks=pytest.mark.skipif(
            not STRIPE_KEY, reason="not held against Stripe itself: MADOGUCHI_STRIPE_TEST_KEY has no test key"
        ),
    ),
]
GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"


@dataclass(frozen=True)
class Place:
    """A place where the port is tried: the provider, and how a payer uses a card there, or takes a voucher."""

    provider: StripeProvider
    pay: Callable[[CheckoutSnapshot, str], None]
    take_voucher: Callable[[CheckoutSnapshot], None]
    transfer: Callable[[CheckoutSnapshot, int], None]


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "stripe":
        yield Place(
            StripeProvider(STRIPE_KEY), stripe_payer.pay_by_card, stripe_payer.take_voucher, stripe_payer.transfer
        )
        return
    running = SandboxServer("127.0.0.1", 0, None, None)
    running.start(send_webhooks=False)
    browser = running.app.test_client()
    payer = {"email": "a@example.jp", "name": "SATO MISAKI"}
    yield Place(
        StripeProvider("sk_test_contract", running.url),
        lambda page, card: browser.post(f"/c/pay/{page.checkout_id}/card", data={"number": card, **payer}).close(),
        lambda page: browser.post(f"/c/pay/{page.checkout_id}/konbini", data=payer).close(),
        lambda page, amount: _transfer_at(running, page, amount),
    )
    running.stop()


def _transfer_at(running: SandboxServer, page: CheckoutSnapshot, amount: int) -> None:
    """Choose bank transfer on an open page; transfer so many yen to its account."""
    browser = running.app.test_client()
    browser.post(f"/c/pay/{page.checkout_id}/transfer", data={"email": "a@example.jp", "name": "SATO MISAKI"}).close()
    intent = running.store.get(page.checkout_id)["payment_intent"]
    if amount:
        browser.post(f"/operator/transfers/{intent}/receive", data={"amount": amount}).close()


@pytest.fixture
def provider(place: Place, requests_checked: RequestCheck) -> StripeProvider:
    return place.provider


__all__ = ["requests_checked"]


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


def test_a_paid_page_is_refunded_in_parts_and_found_in_the_books(place: Place, provider: StripeProvider) -> None:
    order = an_order()
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    place.pay(opened, GOOD_CARD)
    paid = provider.read_checkout(opened.checkout_id)
    assert (paid.status, paid.amount, paid.method, paid.reference) == ("paid", 3550, "card", order.reference)
    assert paid.intent_id is not None
    reference = f"refund:{secrets.token_hex(8)}"
    refund = provider.refund(paid.intent_id, 550, reference, "requested_by_customer")
    assert provider.refund(paid.intent_id, 550, reference, "requested_by_customer").provider_id == refund.provider_id
    assert provider.read_refund(refund.provider_id).amount == 550
    assert provider.find_refund(paid.intent_id, reference) is not None
    assert provider.find_refund(paid.intent_id, "refund:never") is None
    with pytest.raises(ProviderRejected):
        provider.refund(paid.intent_id, 3001, f"{reference}:more", "requested_by_customer")
    since = datetime.now(UTC) - timedelta(minutes=30)
    books = {line.source_id: line for line in provider.balance_transactions(since)}
    assert books[paid.charge_id].gross == 3550
    assert books[refund.provider_id].gross == -550
    assert books[paid.charge_id].net == 3550 - books[paid.charge_id].fee


def test_a_declined_card_leaves_the_page_open(place: Place, provider: StripeProvider) -> None:
    order = an_order()
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    place.pay(opened, DECLINED_CARD)
    declined = provider.read_checkout(opened.checkout_id)
    assert (declined.status, declined.failure) == ("open", "generic_decline")
    assert provider.expire_checkout(opened.checkout_id).status == "expired"


def test_webhooks_are_registered_once_and_lost_events_are_listed(provider: StripeProvider) -> None:
    url = f"https://{secrets.token_hex(6)}.example.com/webhooks/stripe"
    assert not provider.is_webhook_registered(url)
    assert provider.register_webhook(url).startswith("whsec_")
    assert provider.register_webhook(url).startswith("whsec_")
    assert provider.is_webhook_registered(url)
    assert all(event.created_at for event in provider.undelivered_events(datetime.now(UTC) - timedelta(minutes=30)))


def test_a_voucher_is_voided_when_its_page_is_closed(place: Place, provider: StripeProvider) -> None:
    order = replace(an_order(), methods=["konbini"])
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    place.take_voucher(opened)
    waiting = provider.read_checkout(opened.checkout_id)
    assert waiting.status == "pending"
    assert waiting.voucher is not None
    assert provider.expire_checkout(opened.checkout_id).status == "failed"


def test_a_transfer_is_awaited_at_an_account_of_its_own_and_may_come_in_parts(
    place: Place, provider: StripeProvider
) -> None:
    order = replace(an_order(), methods=["bank_transfer"])
    payload = provider.build_payload(order)
    opened = provider.open_checkout(payload, order.reference)
    assert provider.open_checkout(payload, order.reference).checkout_id == opened.checkout_id
    assert opened.transfer is None
    place.transfer(opened, 1_000)
    waiting = provider.read_checkout(opened.checkout_id)
    assert (waiting.status, waiting.method) == ("pending", "bank_transfer")
    assert waiting.transfer is not None
    assert waiting.transfer.account is not None
    assert all(waiting.transfer.account.values())
    assert [arrival.amount for arrival in waiting.transfer.arrivals] == [1_000]
    assert waiting.transfer.unapplied == 1_000
    place.transfer(opened, 3_000)
    paid = provider.read_checkout(opened.checkout_id)
    assert (paid.status, paid.method, paid.amount) == ("paid", "bank_transfer", 3550)
    assert paid.transfer is not None
    assert [arrival.amount for arrival in paid.transfer.arrivals] == [1_000, 3_000]
    assert paid.transfer.unapplied == 450
    customer, reference = paid.transfer.customer_id, f"refund:{secrets.token_hex(8)}"
    since = datetime.now(UTC) - timedelta(minutes=5)
    assert provider.find_return(reference, since) is None
    with pytest.raises(ProviderRejected):
        provider.return_funds(customer, 451, f"{reference}:more")
    back = provider.return_funds(customer, 450, reference)
    assert provider.return_funds(customer, 450, reference).provider_id == back.provider_id
    returned = provider.find_return(reference, since)
    assert returned is not None
    assert (returned.provider_id, returned.amount, returned.reference) == (back.provider_id, 450, reference)
    provider.forget_customer(customer)
    provider.forget_customer(customer)


def test_what_came_for_a_transfer_that_is_given_up_stays_with_its_payer(place: Place, provider: StripeProvider) -> None:
    order = replace(an_order(), methods=["bank_transfer"])
    opened = provider.open_checkout(provider.build_payload(order), order.reference)
    place.transfer(opened, 100)
    ended = provider.expire_checkout(opened.checkout_id)
    assert ended.status == "failed"
    assert ended.transfer is not None
    assert (ended.transfer.account, ended.transfer.unapplied) == (None, 100)
    place.transfer(opened, 50)
    late = provider.read_checkout(opened.checkout_id).transfer
    assert late is not None
    assert (late.unapplied, [arrival.amount for arrival in late.arrivals]) == (150, [100, 50])


def test_a_webhook_of_before_an_event_was_added_counts_as_none(
    provider: StripeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://{secrets.token_hex(6)}.example.com/webhooks/stripe"
    with monkeypatch.context() as before:
        before.setattr("portal.payments.stripe.adapter.EVENT_TYPES", ("checkout.session.completed",))
        provider.register_webhook(url)
        assert provider.is_webhook_registered(url)
    assert not provider.is_webhook_registered(url)
    provider.register_webhook(url)
    assert provider.is_webhook_registered(url)
