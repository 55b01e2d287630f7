"""The sandbox against Stripe's own client: every field it answers with is one Stripe has, and the client can drive it over HTTP."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from madoguchi_sandbox import SandboxServer
from madoguchi_sandbox.store import JsonObject
from tests.kit.stripe_types import mismatches

CLASSES: dict[str, type[stripe.StripeObject]] = {
    "account": stripe.Account,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "cash_balance": stripe.CashBalance,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "customer_cash_balance_transaction": stripe.CustomerCashBalanceTransaction,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payout": stripe.Payout,
    "refund": stripe.Refund,
    "webhook_endpoint": stripe.WebhookEndpoint,
}
KONBINI_SECONDS = 4 * 86400
EXPANDED = ["payment_intent.latest_charge.balance_transaction", "line_items"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    server = SandboxServer("127.0.0.1", 0, None, None)
    server.start(send_webhooks=False)
    yield server
    server.stop()


def client_for(sandbox: SandboxServer, key: str = "sk_test_tachikawa") -> stripe.StripeClient:
    return stripe.StripeClient(
        key, base_addresses={"api": sandbox.url}, max_network_retries=0, http_client=stripe.RequestsClient(timeout=5)
    )


@pytest.fixture
def client(sandbox: SandboxServer) -> stripe.StripeClient:
    return client_for(sandbox)


def a_session(client: stripe.StripeClient, amount: int = 3550, **more: Any) -> stripe.checkout.Session:
    params: Any = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "jpy", "unit_amount": amount, "product_data": {"name": "犬の登録"}},
            }
        ],
        "success_url": "http://tachikawa.localhost/pay/x/return?s={CHECKOUT_SESSION_ID}",
        "client_reference_id": "pay:x:1",
    }
    return client.v1.checkout.sessions.create(params | more)


def pay(sandbox: SandboxServer, session: stripe.checkout.Session, number: str = "4242424242424242") -> int:
    form = {"number": number, "email": "a@example.jp", "name": "SATO MISAKI"}
    return sandbox.app.test_client().post(f"/c/pay/{session.id}/card", data=form).status_code


def voucher(sandbox: SandboxServer, session: stripe.checkout.Session) -> None:
    form = {"email": "a@example.jp", "name": "佐藤 美咲"}
    assert sandbox.app.test_client().post(f"/c/pay/{session.id}/konbini", data=form).status_code == 303


def misfits(body: JsonObject) -> list[str]:
    """Fields of an answer, at any depth, that the class of Stripe's library does not have, or has with another type."""
    name = str(body["object"])
    wrong = mismatches(body, CLASSES[name], name)
    return wrong + misfits(body["data"]["object"]) if name == "event" else wrong


def test_every_field_is_of_stripes_own_types(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    merchant = Merchant(sandbox, client)
    merchant.live_through_everything()
    store = sandbox.store
    bodies = [body for kind in CLASSES for body in store.list_objects(kind)]
    bodies += client.v1.checkout.sessions.line_items.list(merchant.paid.id).to_dict()["data"]
    answered = [client.v1.accounts.retrieve_current(), client.v1.balance.retrieve()]
    answered.append(client.v1.customers.cash_balance.retrieve(merchant.customer))
    answered.append(client.v1.checkout.sessions.retrieve(merchant.paid.id, {"expand": EXPANDED}))
    bodies += [answer.to_dict() for answer in answered]
    assert [line for body in bodies for line in misfits(body)] == []
    assert {body["object"] for body in bodies} == set(CLASSES)


def intent_of(client: stripe.StripeClient, session: stripe.checkout.Session) -> str:
    return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)


def give_back(client: stripe.StripeClient, customer: str, amount: int) -> stripe.Refund:
    """Give back out of a customer's cash balance."""
    params: Any = {"origin": "customer_balance", "customer": customer, "currency": "jpy", "amount": amount}
    return client.v1.refunds.create(params)


def transfer(sandbox: SandboxServer, client: stripe.StripeClient, customer: str, amount: int = 4000) -> str:
    """Choose bank transfer on the page; the intent that waits for it."""
    options = {"customer_balance": {"funding_type": "bank_transfer", "bank_transfer": {"type": "jp_bank_transfer"}}}
    session = a_session(client, amount, customer=customer, payment_method_options=options)
    form = {"email": "a@example.jp", "name": "佐藤 美咲"}
    assert sandbox.app.test_client().post(f"/c/pay/{session.id}/transfer", data=form).status_code == 303
    return intent_of(client, session)


@dataclass
class Merchant:
    """An account of the sandbox to which everything happens that can happen to one."""

    sandbox: SandboxServer
    client: stripe.StripeClient

    def live_through_everything(self) -> None:
        """Sell by every method, refund in every way, lose and win disputes, be paid out."""
        client, operator = self.client, self.sandbox.app.test_client()
        client.v1.webhook_endpoints.create({"url": "http://tachikawa.localhost/hook", "enabled_events": ["*"]})
        self.customer = client.v1.customers.create({"name": "佐藤 美咲"}).id
        self.paid, waiting, late, declined, wallet, *contested = (a_session(client) for _ in range(7))
        pay(self.sandbox, self.paid)
        pay(self.sandbox, declined, "4000000000000002")
        for session in contested:
            pay(self.sandbox, session, "4000000000000259")
        voucher(self.sandbox, waiting)
        voucher(self.sandbox, late)
        operator.post(f"/operator/vouchers/{intent_of(client, late)}/expire")
        operator.post(f"/operator/vouchers/{intent_of(client, late)}/pay")
        operator.post(f"/c/pay/{wallet.id}/paypay", data={"outcome": "decline"})
        operator.post(f"/c/pay/{wallet.id}/paypay", data={"outcome": "approve"})
        for amount in (3000, 1000):
            operator.post(
                f"/operator/transfers/{transfer(self.sandbox, client, self.customer)}/receive", data={"amount": amount}
            )
        transferred = transfer(self.sandbox, client, self.customer)
        operator.post(f"/operator/transfers/{transferred}/receive", data={"amount": 4000})
        given_up = transfer(self.sandbox, client, client.v1.customers.create({}).id)
        operator.post(f"/operator/transfers/{given_up}/receive", data={"amount": 100})
        client.v1.payment_intents.cancel(given_up)
        refunds = [client.v1.refunds.create({"payment_intent": intent_of(client, self.paid), "amount": 50})]
        refunds += [
            client.v1.refunds.create({"payment_intent": intent}) for intent in (intent_of(client, late), transferred)
        ]
        customer = str(client.v1.payment_intents.retrieve(given_up).customer)
        for outcome in ("failed", "succeeded"):
            operator.post(f"/operator/refunds/{give_back(client, customer, 100).id}/{outcome}")
        operator.post(f"/operator/refunds/{refunds[2].id}/canceled")
        operator.post(f"/operator/refunds/{refunds[0].id}/failed")
        client.v1.refunds.cancel(refunds[1].id)
        for dispute, outcome in zip(client.v1.disputes.list().data, ("won", "lost"), strict=True):
            operator.post(f"/operator/disputes/{dispute.id}/{outcome}")
        self.sandbox.store.advance_clock(KONBINI_SECONDS)
        for outcome in ("failed", "paid"):
            operator.post(f"/operator/accounts/{self.account}/payout")
            operator.post(f"/operator/payouts/{client.v1.payouts.list().data[0].id}/{outcome}")
        self.sandbox.store.advance_clock(-KONBINI_SECONDS)

    @property
    def account(self) -> str:
        """Its id."""
        return self.client.v1.accounts.retrieve_current().id


def test_a_session_without_a_visitor_has_no_intent(client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.amount_total == 3550
    assert session.client_reference_id == "pay:x:1"


def test_expansion_reaches_the_charge(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert pay(sandbox, session) == 303
    expanded = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    assert isinstance(expanded.payment_intent, stripe.PaymentIntent)
    assert isinstance(expanded.payment_intent.latest_charge, stripe.Charge)
    assert expanded.payment_intent.latest_charge.amount == 3550
    assert expanded.line_items is not None
    assert expanded.line_items.data[0].amount_total == 3550


def test_a_declined_card_leaves_the_page_open_for_another(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert pay(sandbox, session, "4000 0000 0000 9995") == 402
    declined = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert declined.status == "open"
    assert isinstance(declined.payment_intent, stripe.PaymentIntent)
    assert declined.payment_intent.last_payment_error is not None
    assert declined.payment_intent.last_payment_error.decline_code == "insufficient_funds"
    assert pay(sandbox, session) == 303


def test_a_voucher_is_not_a_payment(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    voucher(sandbox, session)
    completed = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (completed.status, completed.payment_status) == ("complete", "unpaid")
    assert isinstance(completed.payment_intent, stripe.PaymentIntent)
    action = completed.payment_intent.next_action
    assert action is not None
    assert action.konbini_display_details is not None
    assert action.konbini_display_details.stores.lawson is not None
    operator = sandbox.app.test_client()
    assert operator.post(f"/operator/vouchers/{completed.payment_intent.id}/pay").status_code == 303
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert operator.post(f"/operator/vouchers/{completed.payment_intent.id}/pay").status_code == 409


def test_methods_are_not_offered_outside_their_limits(client: stripe.StripeClient) -> None:
    assert a_session(client, 119).payment_method_types == ["card", "paypay"]
    assert a_session(client, 120).payment_method_types == ["card", "konbini", "paypay"]
    assert a_session(client, 300_001).payment_method_types == ["card", "paypay"]
    assert a_session(client, 1_000_001).payment_method_types == ["card"]


def test_a_method_that_the_account_lacks_is_not_offered(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    sandbox.store.set_setting("without_paypay", "on")
    allowed = {"allowed_payment_method_types": ["paypay", "card"]}
    assert a_session(client, **allowed).payment_method_types == ["card"]
    sandbox.store.set_setting("without_paypay", "")
    assert a_session(client, **allowed).payment_method_types == ["card", "paypay"]


def test_an_expired_session_takes_nothing(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert pay(sandbox, session) == 410
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


def test_the_same_key_gives_the_same_session(client: stripe.StripeClient) -> None:
    options: Any = {"idempotency_key": "pay:double:1"}
    params: Any = {
        "mode": "payment",
        "success_url": "http://x.localhost/",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": 300, "product_data": {"name": "住民票"}}}
        ],
    }
    first = client.v1.checkout.sessions.create(params, options)
    assert client.v1.checkout.sessions.create(params, options).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(params | {"client_reference_id": "other"}, options)
    # A bad parameter is refused before anything is done, and leaves its key free.
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.checkout.sessions.create(params | {"colour": "red"}, {"idempotency_key": "pay:free:1"})
    assert error.value.code == "parameter_unknown"
    assert client.v1.checkout.sessions.create(params, {"idempotency_key": "pay:free:1"})


def test_a_kept_500_comes_back_under_the_same_key_though_the_work_was_done(sandbox: SandboxServer) -> None:
    account_client = client_for(sandbox, "sk_test_broken")
    params: Any = {
        "mode": "payment",
        "success_url": "http://x.localhost/",
        "client_reference_id": "pay:lost:1",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": 300, "product_data": {"name": "住民票"}}}
        ],
    }
    sandbox.store.set_setting("api_fault", "after")
    with pytest.raises(stripe.APIError):
        account_client.v1.checkout.sessions.create(params, {"idempotency_key": "pay:lost:1"})
    sandbox.store.set_setting("api_fault", "")
    with pytest.raises(stripe.APIError):
        account_client.v1.checkout.sessions.create(params, {"idempotency_key": "pay:lost:1"})
    assert [session.client_reference_id for session in account_client.v1.checkout.sessions.list().data] == [
        "pay:lost:1"
    ]


def test_a_request_under_way_answers_409(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    import hashlib
    import json

    store = sandbox.store
    session = a_session(client)
    path = f"/v1/checkout/sessions/{session.id}/expire"
    digest = hashlib.sha256(json.dumps({path: {}}, sort_keys=True).encode()).hexdigest()
    store.execute(
        "INSERT INTO idempotency (account, key, digest, created) VALUES (?, 'busy', ?, ?)",
        store.account_of(session.id), digest, store.now(),
    )  # fmt: skip
    with pytest.raises(stripe.APIError) as busy:
        client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "busy"})
    assert busy.value.http_status == 409


def test_refunds_never_exceed_the_charge(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client, 300)
    pay(sandbox, session)
    intent = intent_of(client, session)
    assert client.v1.refunds.create({"payment_intent": intent, "amount": 100}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 201})
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 200
    with pytest.raises(stripe.InvalidRequestError) as over:
        client.v1.refunds.create({"payment_intent": intent, "amount": 1})
    assert over.value.code == "charge_already_refunded"


def test_a_refund_may_fail_after_it_succeeded(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client, 300)
    pay(sandbox, session, "4000000000005126")
    intent = intent_of(client, session)
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "succeeded"
    assert client.v1.refunds.retrieve(refund.id).status == "failed"


def test_a_konbini_refund_waits_for_the_payers_bank_account(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    session = a_session(client, 300)
    voucher(sandbox, session)
    intent = intent_of(client, session)
    operator = sandbox.app.test_client()
    operator.post(f"/operator/vouchers/{intent}/pay")
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "requires_action"
    operator.post(f"/operator/refunds/{refund.id}/succeeded")
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_balance_transactions_are_paginated_with_their_sources(sandbox: SandboxServer) -> None:
    account_client = client_for(sandbox, "sk_test_book")
    for _ in range(3):
        pay(sandbox, a_session(account_client, 1000))
    lines = list(
        account_client.v1.balance_transactions.list({"limit": 2, "expand": ["data.source"]}).auto_paging_iter()
    )
    assert [line.net for line in lines] == [964, 964, 964]
    assert all(isinstance(line.source, stripe.Charge) for line in lines)


def test_accounts_do_not_see_each_other(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    with pytest.raises(stripe.InvalidRequestError) as unseen:
        client_for(sandbox, "sk_test_mitaka").v1.checkout.sessions.retrieve(session.id)
    assert unseen.value.http_status == 404


@pytest.mark.parametrize(
    ("key", "message"),
    [("sk_live_real", "live key"), ("rk_live_real", "live key"), ("pk_test_public", "Invalid API Key")],
)
def test_other_keys_are_refused(sandbox: SandboxServer, key: str, message: str) -> None:
    with pytest.raises(stripe.AuthenticationError, match=message):
        client_for(sandbox, key).v1.checkout.sessions.list()


def test_a_session_can_be_opened_after_the_clock_was_advanced(sandbox: SandboxServer) -> None:
    account_client = client_for(sandbox, "sk_test_later")
    sandbox.store.advance_clock(KONBINI_SECONDS)
    session = a_session(account_client, expires_at=int(time.time()) + 7200)
    assert pay(sandbox, session) == 303
    sandbox.store.advance_clock(-KONBINI_SECONDS)


def test_every_page_says_that_it_is_a_test(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    browser = sandbox.app.test_client()
    waiting = a_session(client)
    voucher(sandbox, waiting)
    awaited = transfer(sandbox, client, client.v1.customers.create({}).id)
    pages = ("/", "/operator/refunds", "/operator/payouts", "/operator/deliveries", "/operator/conditions", "/mail/")
    payer_pages = (f"/c/pay/{session.id}", f"/c/voucher/{intent_of(client, waiting)}", f"/c/transfer/{awaited}")
    for path in (*pages, *payer_pages, f"/c/pay/{waiting.id}"):
        page = browser.get(path)
        assert "テスト環境：実際の請求は行われません" in page.text
        assert "script" not in page.headers["Content-Security-Policy"]


def test_another_site_cannot_press_the_operators_buttons(sandbox: SandboxServer) -> None:
    response = sandbox.app.test_client().post(
        "/operator/clock", data={"seconds": "86400"}, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
