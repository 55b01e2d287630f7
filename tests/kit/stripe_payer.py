"""A payer on Stripe's own Checkout page in test mode: for the journeys that run against Stripe when a test key is given."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from playwright.sync_api import Page, expect, sync_playwright

from portal.payments.provider import CheckoutSnapshot

PATIENCE = 60_000  # milliseconds


@contextmanager
def _page(checkout: CheckoutSnapshot) -> Iterator[Page]:
    """Stripe's page of a checkout in headless Chromium, with the payer's address filled in."""
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    program = shutil.which("chromium-headless-shell")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=flags) as chromium:
        page = chromium.new_page(locale="ja-JP")
        page.set_default_timeout(PATIENCE)
        page.goto(str(checkout.url))
        page.locator("input[name=email]").fill("misaki@example.com")
        yield page


def pay_by_card(checkout: CheckoutSnapshot, number: str) -> None:
    """Fill in a card, and wait until Stripe has taken or declined it."""
    with _page(checkout) as page:
        for name, value in (
            ("cardNumber", number),
            ("cardExpiry", "12 / 40"),
            ("cardCvc", "123"),
            ("billingName", "A"),
        ):
            page.locator(f"input[name={name}]").fill(value)
        page.get_by_test_id("hosted-payment-submit-button").click()
        declined = page.locator("[role=alert]").filter(has_text="カード")
        expect(declined.or_(page.locator("body:not(:has(input[name=cardNumber]))"))).to_be_visible(timeout=PATIENCE)


def take_voucher(checkout: CheckoutSnapshot) -> None:
    """Choose to pay at a convenience store, and wait for the numbers."""
    with _page(checkout) as page:
        page.locator("input[name=billingName]").fill("佐藤 美咲")
        page.get_by_test_id("hosted-payment-submit-button").click()
        page.get_by_text("ファミリーマート").first.wait_for(timeout=PATIENCE)


def transfer(checkout: CheckoutSnapshot, amount: int) -> None:
    """Choose bank transfer on a page that is open still; let so many yen arrive at its account, by Stripe's helper for test mode."""
    client = stripe.StripeClient(os.environ["MADOGUCHI_STRIPE_TEST_KEY"])
    if client.v1.checkout.sessions.retrieve(checkout.checkout_id).status == "open":
        with _page(checkout) as page:
            page.get_by_test_id("hosted-payment-submit-button").click()
            page.get_by_test_id("hosted-payment-submit-button").wait_for(state="detached", timeout=PATIENCE)
    customer = str(client.v1.checkout.sessions.retrieve(checkout.checkout_id).customer)
    client.v1.test_helpers.customers.fund_cash_balance(customer, {"amount": amount, "currency": "jpy"})
