"""Troubles that the operator chooses: which requests they strike, and what was done although no answer came."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from madoguchi_sandbox import SandboxServer
from tests.contract.test_sandbox_money import press
from tests.contract.test_stripe_sandbox import a_session, client_for, intent_of, pay


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxServer]:
    server = SandboxServer("127.0.0.1", 0, tmp_path, None)
    server.start(send_webhooks=False)
    yield server
    server.stop()


PARAMS: Any = {
    "mode": "payment",
    "success_url": "http://x.localhost/",
    "line_items": [
        {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": 300, "product_data": {"name": "住民票"}}}
    ],
}


def switch(sandbox: SandboxServer, **settings: str) -> None:
    for name, value in settings.items():
        sandbox.store.set_setting(name, value)


@pytest.mark.parametrize("trouble", ["cut", "silent"])
def test_work_whose_answer_was_lost_is_answered_on_the_next_try(sandbox: SandboxServer, trouble: str) -> None:
    client = client_for(sandbox)
    switch(sandbox, api_fault=trouble, api_fault_seconds="0")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(PARAMS, {"idempotency_key": "pay:lost:1"})
    switch(sandbox, api_fault="")
    kept = client.v1.checkout.sessions.list().data
    assert [client.v1.checkout.sessions.create(PARAMS, {"idempotency_key": "pay:lost:1"}).id] == [kept[0].id]
    assert len(kept) == 1


def test_one_request_too_many_is_told_when_to_come_back(sandbox: SandboxServer) -> None:
    client = client_for(sandbox)
    switch(sandbox, api_fault="rate_limit")
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.checkout.sessions.create(PARAMS, {"idempotency_key": "pay:many:1"})
    assert refused.value.headers is not None
    assert refused.value.headers["Retry-After"] == "2"
    switch(sandbox, api_fault="")
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.checkout.sessions.create(PARAMS, {"idempotency_key": "pay:many:1"})


def test_an_outage_strikes_the_chosen_endpoints_only(sandbox: SandboxServer) -> None:
    client = client_for(sandbox)
    session = a_session(client, 300)
    pay(sandbox, session)
    switch(sandbox, api_fault="before", api_fault_endpoints="POST /refunds\nGET /events")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create({"payment_intent": intent_of(client, session)})
    assert client.v1.refunds.list().data == []


def test_a_trouble_of_so_many_in_a_hundred_leaves_the_others_alone(sandbox: SandboxServer) -> None:
    client = client_for(sandbox)
    switch(sandbox, api_fault="before", api_fault_percent="0")
    assert client.v1.events.list().data == []


def test_a_key_of_more_than_255_characters_is_refused(sandbox: SandboxServer) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        client_for(sandbox).v1.checkout.sessions.create(PARAMS, {"idempotency_key": "k" * 256})


def test_the_page_of_conditions_sets_what_it_shows(sandbox: SandboxServer) -> None:
    form = {
        "drop": "on", "api_fault": "cut", "api_fault_endpoints": "POST /refunds", "fault_percent": "30", "method_card": "on",
        "next_refund": "requires_action",
    }  # fmt: skip
    assert press(sandbox, "/operator/switches", **form) == 303
    store = sandbox.store
    assert (store.setting("drop"), store.setting("fault_percent"), store.setting("without_paypay")) == (
        "on",
        "30",
        "on",
    )
    assert a_session(client_for(sandbox)).payment_method_types == ["card"]
    page = sandbox.app.test_client().get("/operator/conditions").text
    assert 'value="POST /refunds" checked' in page
    assert press(sandbox, "/operator/switches", api_fault="explode") == 400
    assert press(sandbox, "/operator/switches", fault_percent="101") == 400


def test_the_clock_is_moved_by_days_and_hours(sandbox: SandboxServer) -> None:
    before = sandbox.store.clock_offset()
    assert press(sandbox, "/operator/clock", days="2", hours="3") == 303
    assert sandbox.store.clock_offset() - before == 2 * 86400 + 3 * 3600
    assert press(sandbox, "/operator/clock", days="-1") == 400


def test_events_are_listed_for_thirty_days(sandbox: SandboxServer) -> None:
    client = client_for(sandbox)
    pay(sandbox, a_session(client))
    assert client.v1.events.list().data
    sandbox.store.advance_clock(31 * 86400)
    assert [event.type for event in client.v1.events.list({"types": ["charge.succeeded"]}).data] == []


def test_a_restart_keeps_troubles_disputes_and_payouts(tmp_path: Path) -> None:
    first = SandboxServer("127.0.0.1", 0, tmp_path, None)
    first.start(send_webhooks=False)
    pay(first, a_session(client_for(first)), "4000000000000259")
    pay(first, a_session(client_for(first), 9000))
    first.store.advance_clock(4 * 86400)
    press(first, f"/operator/accounts/{client_for(first).v1.accounts.retrieve_current().id}/payout")
    switch(first, duplicate="on")
    first.stop()
    second = SandboxServer("127.0.0.1", 0, tmp_path, None)
    second.start(send_webhooks=False)
    client = client_for(second)
    assert client.v1.disputes.list().data[0].status == "needs_response"
    payout = client.v1.payouts.list().data[0]
    assert len(client.v1.balance_transactions.list({"payout": payout.id}).data) == 4
    assert second.store.setting("duplicate") == "on"
    second.stop()
