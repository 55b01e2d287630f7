"""Notices from the provider: only genuine ones are kept, each once, and they may come in any order."""

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from madoguchi_sandbox.deliveries import signature_header
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.payments import LineItem, Payment, jobs, open_payment, provider_accounts, rules, webhook_events
from portal.payments.models import PaymentAccount
from portal.payments.provider import ProviderUnavailable
from portal.payments.provider_models import ProviderEvent
from tests.kit.payer import ORIGIN, Payer, account_name


def post(payer: Payer, body: bytes, header: str | None) -> Any:
    headers = {} if header is None else {"Stripe-Signature": header}
    return payer.browser.post(
        "/webhooks/stripe", base_url=ORIGIN, data=body, headers=headers, content_type="application/json"
    )


def secret_of(payer: Payer) -> str:
    with city_session(payer.key) as session:
        return provider_accounts.webhook_secrets(session)[0]


def latest_event(payer: Payer) -> bytes:
    event = payer.sandbox.store.list_objects("event", account_name(payer.api_key))[0]
    return json.dumps(event).encode()


def stored_events(payer: Payer) -> list[ProviderEvent]:
    with city_session(payer.key) as session:
        return list(session.scalars(select(ProviderEvent)))


def paid_at_the_provider(payer: Payer) -> Any:
    payment = payer.open()
    payer.pay(payer.start(payment))
    return payment


@pytest.mark.parametrize("header", [None, "", "t=1,v1=abc", "v1=abc"])
def test_a_notice_without_a_good_signature_is_refused(payer: Payer, header: str | None) -> None:
    paid_at_the_provider(payer)
    assert post(payer, latest_event(payer), header).status_code == 400
    assert stored_events(payer) == []


def test_a_notice_from_the_future_is_refused_and_a_clock_a_little_ahead_is_not(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer)
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()) + 4000)).status_code == 400
    assert stored_events(payer) == []
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()) + 30)).status_code == 200


def test_an_old_notice_is_refused(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer)
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()) - 600)).status_code == 400


def test_a_changed_notice_is_refused(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer)
    header = signature_header(secret_of(payer), body, int(time.time()))
    assert post(payer, body.replace(b"3550", b"1"), header).status_code == 400


def test_a_notice_of_the_other_world_is_refused(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer).replace(b'"livemode": false, "pending', b'"livemode": true, "pending')
    assert b'"livemode": true' in body
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()))).status_code == 400


def test_another_citys_notice_is_refused(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer)
    header = signature_header("whsec_of_mitaka", body, int(time.time()))
    assert post(payer, body, header).status_code == 400


def test_a_genuine_notice_pays_without_any_visitor(payer: Payer) -> None:
    payment = paid_at_the_provider(payer)
    assert payer.status(payment) == "open"
    payer.deliver()
    assert payer.status(payment) == "paid"
    assert payer.changes == ["paid"]
    assert all(event.processed_at and not event.set_aside for event in stored_events(payer))


def test_the_same_notice_is_kept_once(payer: Payer) -> None:
    payment = paid_at_the_provider(payer)
    body = latest_event(payer)
    header = signature_header(secret_of(payer), body, int(time.time()))
    assert [post(payer, body, header).text for _ in range(3)] == ["stored\n", "duplicate\n", "duplicate\n"]
    assert len(payer.work()) == 1
    assert payer.status(payment) == "paid"


def test_copies_arriving_at_once_are_acted_upon_once(payer: Payer) -> None:
    """Several different events of one payment, five copies of each, in eight threads: one change, one message."""
    payment = paid_at_the_provider(payer)
    events = payer.sandbox.store.list_objects("event", account_name(payer.api_key))
    bodies = [json.dumps(event).encode() for event in events] * 5
    secret, answers = secret_of(payer), []

    def send(part: list[bytes]) -> None:
        for body in part:
            header = signature_header(secret, body, int(time.time()))
            client = payer.browser.application.test_client()
            answer = client.post("/webhooks/stripe", base_url=ORIGIN, data=body, headers={"Stripe-Signature": header})
            answers.append(answer.status_code)

    threads = [threading.Thread(target=send, args=(bodies[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}
    assert len(stored_events(payer)) == len(events)
    workers = [
        threading.Thread(target=jobs.process_event, kwargs={"city": payer.key, "event_id": e["id"]}) for e in events
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert payer.status(payment) == "paid"
    assert payer.changes == ["paid"]
    assert payer.history().count("payment.paid") == 1


@pytest.mark.parametrize("switches", [("duplicate",), ("reorder",), ("duplicate", "reorder")])
def test_a_voucher_paid_on_a_bad_network_ends_the_same(payer: Payer, switches: tuple[str, ...]) -> None:
    for switch in switches:
        payer.sandbox.store.set_setting(switch, "on")
    payment = payer.open()
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.at_the_store("pay", page)
    payer.deliver()
    assert payer.status(payment) == "paid"
    assert payer.changes == ["paid"]


def test_notices_that_never_arrived_are_fetched_at_night(payer: Payer) -> None:
    payer.sandbox.store.set_setting("drop", "on")
    payment = paid_at_the_provider(payer)
    payer.deliver()
    assert payer.status(payment) == "open"
    assert jobs.fetch_undelivered(payer.key) >= 2
    payer.work()
    assert payer.status(payment) == "paid"


def test_an_event_of_another_systems_payment_is_ignored(payer: Payer) -> None:
    paid_at_the_provider(payer)
    event = json.loads(latest_event(payer))
    event["id"] = "evt_other"
    event["data"]["object"] = {"id": "pi_other", "object": "payment_intent", "metadata": {}}
    body = json.dumps(event).encode()
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()))).status_code == 200
    payer.work()
    (other,) = [event for event in stored_events(payer) if event.event_id == "evt_other"]
    assert other.processed_at is not None
    assert other.set_aside == "not_ours"


def two_open_payments(payer: Payer) -> tuple[Payment, Payment]:
    """Two payments whose pages were opened and not paid: neither has an intent yet."""
    first = payer.open()
    with city_session(payer.key) as session:
        second = open_payment(session, payer.case_id, [LineItem("注射済票", 550)], title="注射済票", purpose="tag")
    payer.start(first), payer.start(second)
    return first, second


def tell(payer: Payer, event_id: str, kind: str, **subject: object) -> ProviderEvent:
    """A signed notice from the provider, and the worker's work on it; what was kept of it."""
    event = {"id": event_id, "object": "event", "type": kind, "created": 1795848000, "livemode": False}
    body = json.dumps(event | {"data": {"object": subject}}).encode()
    assert post(payer, body, signature_header(secret_of(payer), body, int(time.time()))).status_code == 200
    payer.work()
    (row,) = [row for row in stored_events(payer) if row.event_id == event_id]
    return row


@pytest.mark.parametrize(
    "subject",
    [
        {"object": "balance", "available": [{"amount": 1000, "currency": "jpy"}]},
        {"id": "cs_test_of_another_system", "object": "checkout.session"},
        {"id": "cs_test_of_another_system", "object": "checkout.session", "payment_intent": None, "metadata": None},
        {"id": "x", "object": "customer"},
        {"id": "pi_other", "object": "payment_intent", "metadata": {"reference": "order 12"}},
        {"id": "ch_other", "object": "charge", "payment_intent": None},
        {"id": "re_other", "object": "refund", "payment_intent": "pi_other"},
    ],
)
def test_a_notice_that_names_nothing_of_ours_touches_no_payment(
    payer: Payer, subject: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    two_open_payments(payer)
    looked_at: list[object] = []
    monkeypatch.setattr(webhook_events, "sync_payment", lambda *_a, **_k: looked_at.append(_a))
    row = tell(payer, "evt_foreign", "checkout.session.expired", **subject)
    assert looked_at == []
    assert row.processed_at is not None
    assert row.set_aside == ("not_ours" if "id" in subject else "no_object")
    with frozen(now() + timedelta(days=2)), monkeypatch.context() as quiet:
        quiet.setattr(jobs.checkout, "create", lambda *_: None)
        quiet.setattr(jobs, "sync_payment", lambda *_a, **_k: None)
        assert jobs.sweep(payer.key) == 2  # the two pages; nothing of the notice


def test_of_two_payments_without_intent_a_notice_reaches_its_own(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    _first, second = two_open_payments(payer)
    looked_at: list[object] = []
    monkeypatch.setattr(
        webhook_events,
        "sync_payment",
        lambda _city, payment_id, *, checkout_id: looked_at.append((payment_id, checkout_id)),
    )
    (attempt,) = payer.attempts(second)
    row = tell(payer, "evt_own", "checkout.session.expired", id=attempt.checkout_id, object="checkout.session")
    assert looked_at == [(second.id, attempt.checkout_id)]
    assert row.set_aside is None


def test_the_more_exact_key_wins(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_open_payments(payer)
    looked_at: list[object] = []
    monkeypatch.setattr(webhook_events, "sync_payment", lambda _city, payment_id, **_: looked_at.append(payment_id))
    own, other = payer.attempts(first)[0], payer.attempts(second)[0]
    tell(
        payer, "evt_both", "checkout.session.completed",
        id=own.checkout_id, object="checkout.session", client_reference_id=other.reference,
    )  # fmt: skip
    assert looked_at == [first.id]


def test_a_notice_about_what_the_provider_no_longer_knows_is_set_aside(payer: Payer) -> None:
    payment = payer.open()
    payer.start(payment)
    (attempt,) = payer.attempts(payment)
    row = tell(
        payer, "evt_gone", "checkout.session.completed",
        id="cs_test_gone", object="checkout.session", client_reference_id=attempt.reference,
    )  # fmt: skip
    assert (row.set_aside, row.tries) == ("refused", 1)
    assert row.processed_at is not None


def test_a_notice_is_not_tried_for_ever(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise ProviderUnavailable

    payment = paid_at_the_provider(payer)
    monkeypatch.setattr(webhook_events, "sync_payment", away)
    body = latest_event(payer)
    post(payer, body, signature_header(secret_of(payer), body, int(time.time())))
    event_id = json.loads(body)["id"]
    with pytest.raises(ProviderUnavailable):
        jobs.process_event(city=payer.key, event_id=event_id)
    with city_session(payer.key) as session:
        session.get_one(ProviderEvent, event_id).tries = rules.MAX_EVENT_TRIES
    jobs.process_event(city=payer.key, event_id=event_id)
    (row,) = stored_events(payer)
    assert row.set_aside == "given_up"
    assert payer.status(payment) == "open"


def test_both_secrets_are_taken_while_rotating(payer: Payer) -> None:
    paid_at_the_provider(payer)
    old = secret_of(payer)
    origin = f"http://hino.localhost:{payer.port}"
    provider_accounts.connect_account(payer.key, display_name="日野市", api_key=payer.api_key, origin=origin)
    body = latest_event(payer)
    now = int(time.time())
    assert secret_of(payer) != old
    assert post(payer, body, signature_header(old, body, now)).status_code == 200
    with city_session(payer.key) as session:
        provider_accounts.end_secret_rotation(session)
    assert post(payer, body, signature_header(old, body, now)).status_code == 400
    assert post(payer, body, signature_header(secret_of(payer), body, now)).status_code == 200


def test_keys_are_not_readable_in_the_database(payer: Payer) -> None:
    with city_session(payer.key) as session:
        account = session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one()
        assert payer.api_key.encode() not in account.api_key
        assert b"whsec" not in account.webhook_secret


def test_a_notice_keeps_nothing_of_the_payer(payer: Payer) -> None:
    paid_at_the_provider(payer)
    payer.deliver()
    columns = {column.name for column in ProviderEvent.__table__.columns}
    stored = " ".join(str(getattr(event, name)) for event in stored_events(payer) for name in columns)
    assert "misaki" not in stored
    assert "SATO" not in stored


def test_a_notice_is_forgotten_ninety_days_after_it_was_acted_upon(payer: Payer) -> None:
    paid_at_the_provider(payer)
    body = latest_event(payer)
    post(payer, body, signature_header(secret_of(payer), body, int(time.time())))
    with frozen(now() + webhook_events.EVENT_RETENTION + timedelta(days=300)):
        jobs.night_in_cities()
        assert stored_events(payer), "what nobody acted upon yet is never forgotten"
        payer.work()
    processed = stored_events(payer)[0].processed_at
    assert processed is not None
    with frozen(processed + webhook_events.EVENT_RETENTION):
        jobs.night_in_cities()
        assert stored_events(payer)
    with frozen(processed + webhook_events.EVENT_RETENTION + timedelta(seconds=1)):
        jobs.night_in_cities()
        assert stored_events(payer) == []
