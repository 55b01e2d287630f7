"""What becomes of money in the sandbox: payouts and what they hold, disputes, refunds that end otherwise, transfers, late vouchers."""

from collections.abc import Iterator

import pytest
import stripe

from madoguchi_sandbox import SandboxServer
from tests.contract.test_stripe_sandbox import a_session, client_for, give_back, intent_of, pay, transfer, voucher

DAY = 86400


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    server = SandboxServer("127.0.0.1", 0, None, None)
    server.start(send_webhooks=False)
    yield server
    server.stop()


@pytest.fixture
def client(sandbox: SandboxServer) -> stripe.StripeClient:
    return client_for(sandbox)


def press(sandbox: SandboxServer, path: str, **form: str) -> int:
    return sandbox.app.test_client().post(path, data=form).status_code


def event_types(client: stripe.StripeClient) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100}).data]


def test_a_payout_holds_what_was_available_and_nothing_twice(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    account = client.v1.accounts.retrieve_current().id
    first = a_session(client, 1000)
    pay(sandbox, first)
    client.v1.refunds.create({"payment_intent": intent_of(client, first), "amount": 400})
    assert press(sandbox, f"/operator/accounts/{account}/payout") == 409  # nothing is available yet
    sandbox.store.advance_clock(4 * DAY)
    pay(sandbox, a_session(client, 2000))
    assert press(sandbox, f"/operator/accounts/{account}/payout") == 303
    payout = client.v1.payouts.list().data[0]
    held = client.v1.balance_transactions.list({"payout": payout.id}).data
    assert [(line.type, line.net) for line in held] == [("payout", -564), ("refund", -400), ("charge", 964)]
    assert payout.amount == 564
    assert client.v1.balance.retrieve().available[0].amount == 0
    sandbox.store.advance_clock(DAY)
    assert client.v1.payouts.retrieve(payout.id).status == "paid"
    sandbox.store.advance_clock(4 * DAY)
    press(sandbox, f"/operator/accounts/{account}/payout")
    newest = client.v1.payouts.list().data[0]
    assert [line.net for line in client.v1.balance_transactions.list({"payout": newest.id}).data] == [-1928, 1928]


def test_a_payout_that_the_bank_sends_back_goes_out_with_the_next(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    account = client.v1.accounts.retrieve_current().id
    pay(sandbox, a_session(client, 1000))
    sandbox.store.advance_clock(4 * DAY)
    press(sandbox, f"/operator/accounts/{account}/payout")
    failed = client.v1.payouts.list().data[0]
    assert press(sandbox, f"/operator/payouts/{failed.id}/failed") == 303
    assert client.v1.payouts.retrieve(failed.id).failure_code == "account_closed"
    press(sandbox, f"/operator/accounts/{account}/payout")
    again = client.v1.payouts.list().data[0]
    held = client.v1.balance_transactions.list({"payout": again.id}).data
    assert [(line.type, line.amount) for line in held] == [("payout", -964), ("payout_failure", 964)]
    assert {"payout.created", "payout.failed"} <= set(event_types(client))


@pytest.mark.parametrize(("outcome", "kept"), [("won", -1500), ("lost", -5050)])
def test_a_dispute_takes_the_money_until_it_is_won(
    sandbox: SandboxServer, client: stripe.StripeClient, outcome: str, kept: int
) -> None:
    session = a_session(client, 3550)
    pay(sandbox, session)
    charge = client.v1.charges.list({"payment_intent": intent_of(client, session)}).data[0]
    assert press(sandbox, f"/operator/charges/{charge.id}/dispute") == 303
    assert press(sandbox, f"/operator/charges/{charge.id}/dispute") == 409
    assert client.v1.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent_of(client, session)})
    assert refused.value.code == "charge_disputed"
    dispute = client.v1.disputes.list({"charge": charge.id}).data[0]
    assert press(sandbox, f"/operator/disputes/{dispute.id}/{outcome}") == 303
    assert client.v1.disputes.retrieve(dispute.id).status == outcome
    assert sum(line.net for line in client.v1.disputes.retrieve(dispute.id).balance_transactions) == kept
    assert "charge.dispute.closed" in event_types(client)
    assert ("charge.dispute.funds_reinstated" in event_types(client)) is (outcome == "won")
    assert press(sandbox, f"/operator/disputes/{dispute.id}/{outcome}") == 409


def test_a_refund_that_waits_for_a_bank_account_is_canceled_or_runs_out(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    sessions = [a_session(client, 300) for _ in range(2)]
    for session in sessions:
        voucher(sandbox, session)
        press(sandbox, f"/operator/vouchers/{intent_of(client, session)}/pay")
    canceled, forgotten = (
        client.v1.refunds.create({"payment_intent": intent_of(client, session)}) for session in sessions
    )
    assert client.v1.refunds.cancel(canceled.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.cancel(canceled.id)
    assert client.v1.charges.retrieve(str(canceled.charge)).amount_refunded == 0
    sandbox.store.advance_clock(45 * DAY)
    assert client.v1.refunds.retrieve(forgotten.id).status == "failed"


def test_unpaid_vouchers_expire_with_time(sandbox: SandboxServer) -> None:
    account_client = client_for(sandbox, "sk_test_time")
    session = a_session(account_client)
    voucher(sandbox, session)
    sandbox.store.advance_clock(4 * DAY)
    expired = account_client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert isinstance(expired.payment_intent, stripe.PaymentIntent)
    assert expired.payment_intent.status == "requires_payment_method"
    types = [event.type for event in account_client.v1.events.list({"limit": 20}).data]
    assert "checkout.session.async_payment_failed" in types


def test_a_voucher_can_be_paid_after_it_expired(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    voucher(sandbox, session)
    intent = intent_of(client, session)
    press(sandbox, f"/operator/vouchers/{intent}/expire")
    assert client.v1.payment_intents.retrieve(intent).status == "requires_payment_method"
    assert press(sandbox, f"/operator/vouchers/{intent}/pay") == 303
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    happened = [name for name in reversed(event_types(client)) if "async" in name]
    assert happened == ["checkout.session.async_payment_failed", "checkout.session.async_payment_succeeded"]
    assert press(sandbox, f"/operator/vouchers/{intent}/pay") == 409


def test_a_transfer_may_come_in_parts_and_bring_too_much(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "佐藤 美咲"}).id
    intent = transfer(sandbox, client, customer, 4000)
    assert press(sandbox, f"/operator/transfers/{intent}/receive", amount="1500") == 303
    action = client.v1.payment_intents.retrieve(intent).next_action
    assert action is not None
    assert action.display_bank_transfer_instructions is not None
    assert action.display_bank_transfer_instructions.amount_remaining == 2500
    press(sandbox, f"/operator/transfers/{intent}/receive", amount="2600")
    assert client.v1.payment_intents.retrieve(intent).status == "succeeded"
    left = client.v1.customers.cash_balance.retrieve(customer).available
    assert left is not None
    assert left.to_dict() == {"jpy": 100}
    assert "payment_intent.partially_funded" in event_types(client)


def moved(client: stripe.StripeClient, customer: str) -> list[tuple[str, int]]:
    entries = client.v1.customers.cash_balance_transactions.list(customer).data
    return [(entry.type, entry.net_amount) for entry in reversed(entries)]


def funds(client: stripe.StripeClient, customer: str) -> int:
    available = client.v1.customers.cash_balance.retrieve(customer).available
    return available.to_dict()["jpy"] if available else 0


def test_what_was_transferred_for_a_payment_that_is_given_up_is_the_payers_again(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({}).id
    intent = transfer(sandbox, client, customer, 4000)
    press(sandbox, f"/operator/transfers/{intent}/receive", amount="1500")
    assert funds(client, customer) == 0
    client.v1.payment_intents.cancel(intent)
    press(sandbox, f"/operator/transfers/{intent}/receive", amount="200")  # late
    assert funds(client, customer) == 1700
    assert moved(client, customer) == [
        ("funded", 1500),
        ("applied_to_payment", -1500),
        ("unapplied_from_payment", 1500),
        ("funded", 200),
    ]
    assert client.v1.balance_transactions.list().data == []
    again = transfer(sandbox, client, customer, 1700)
    assert client.v1.payment_intents.retrieve(again).status == "succeeded"
    account = [client.v1.payment_intents.retrieve(each).customer for each in (intent, again)]
    assert account == [customer, customer]


@pytest.mark.parametrize(("outcome", "left"), [("succeeded", 0), ("failed", 700), ("canceled", 700)])
def test_funds_of_a_payer_go_back_to_their_bank_or_stay(
    sandbox: SandboxServer, client: stripe.StripeClient, outcome: str, left: int
) -> None:
    customer = client.v1.customers.create({}).id
    intent = transfer(sandbox, client, customer, 300)
    press(sandbox, f"/operator/transfers/{intent}/receive", amount="1000")
    with pytest.raises(stripe.InvalidRequestError):
        give_back(client, customer, 701)
    refund = give_back(client, customer, 700)
    assert (refund.charge, refund.payment_intent, refund.status) == (None, None, "pending")
    assert funds(client, customer) == 0
    press(sandbox, f"/operator/refunds/{refund.id}/{outcome}")
    assert client.v1.refunds.retrieve(refund.id).status == outcome
    assert funds(client, customer) == left


def test_a_refund_of_a_transfer_that_nobody_takes_stays_with_its_payer(
    sandbox: SandboxServer, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({}).id
    intent = transfer(sandbox, client, customer, 300)
    press(sandbox, f"/operator/transfers/{intent}/receive", amount="300")
    sandbox.store.set_setting("next_refund", "requires_action")
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.next_action is not None
    assert refund.next_action.display_details is not None
    assert refund.next_action.display_details.email_sent.email_sent_to == "a@example.jp"
    sandbox.store.advance_clock(45 * DAY)
    assert client.v1.refunds.retrieve(refund.id).status == "canceled"
    assert funds(client, customer) == 300
    assert [line.type for line in client.v1.balance_transactions.list().data] == ["payment_refund", "payment"]


def test_what_a_payer_typed_can_be_emptied(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "a@example.jp", "name": "佐藤 美咲"}).id
    client.v1.customers.update(customer, {"email": "", "name": ""})
    emptied = client.v1.customers.retrieve(customer)
    assert (emptied.email, emptied.name) == (None, None)


def test_transfer_is_offered_to_customers_only(client: stripe.StripeClient) -> None:
    options = {"customer_balance": {"funding_type": "bank_transfer", "bank_transfer": {"type": "jp_bank_transfer"}}}
    assert "customer_balance" not in a_session(client, payment_method_options=options).payment_method_types
    customer = client.v1.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="jp_bank_transfer"):
        a_session(client, customer=customer, payment_method_options={"customer_balance": {"funding_type": "x"}})


def test_paypay_is_refused_in_its_app_and_then_taken(sandbox: SandboxServer, client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert press(sandbox, f"/c/pay/{session.id}/paypay", outcome="decline") == 402
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert press(sandbox, f"/c/pay/{session.id}/paypay", outcome="approve") == 303
    refund = client.v1.refunds.create({"payment_intent": intent_of(client, session)})
    assert refund.status == "succeeded"
