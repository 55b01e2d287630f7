"""Notices from the provider: only genuine ones are kept, each once, and they may come in any order."""

import json
import threading
import time
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import city_session
from portal.payments import accounts, jobs
from portal.payments.models import PaymentAccount, ProviderEvent
from portal.sandbox.deliveries import signature
from tests.integration.payments.town import ORIGIN, Town, account_name


def post(town: Town, body: bytes, header: str | None) -> Any:
    headers = {} if header is None else {"Stripe-Signature": header}
    return town.browser.post(
        "/webhooks/stripe", base_url=ORIGIN, data=body, headers=headers, content_type="application/json"
    )


def secret_of(town: Town) -> str:
    with city_session(town.key) as session:
        return accounts.webhook_secrets(session)[0]


def latest_event(town: Town) -> bytes:
    event = town.sandbox.parts.store.all("event", account_name(town.api_key))[0]
    return json.dumps(event).encode()


def kept(town: Town) -> list[ProviderEvent]:
    with city_session(town.key) as session:
        return list(session.scalars(select(ProviderEvent)))


def paid_at_the_provider(town: Town) -> Any:
    payment = town.open()
    town.pay(town.start(payment))
    return payment


@pytest.mark.parametrize("header", [None, "", "t=1,v1=abc", "v1=abc"])
def test_a_notice_without_a_good_signature_is_refused(town: Town, header: str | None) -> None:
    paid_at_the_provider(town)
    assert post(town, latest_event(town), header).status_code == 400
    assert kept(town) == []


def test_an_old_notice_is_refused(town: Town) -> None:
    paid_at_the_provider(town)
    body = latest_event(town)
    assert post(town, body, signature(secret_of(town), body, int(time.time()) - 600)).status_code == 400


def test_a_changed_notice_is_refused(town: Town) -> None:
    paid_at_the_provider(town)
    body = latest_event(town)
    header = signature(secret_of(town), body, int(time.time()))
    assert post(town, body.replace(b"3550", b"1"), header).status_code == 400


def test_a_notice_of_the_other_world_is_refused(town: Town) -> None:
    paid_at_the_provider(town)
    body = latest_event(town).replace(b'"livemode": false, "pending', b'"livemode": true, "pending')
    assert b'"livemode": true' in body
    assert post(town, body, signature(secret_of(town), body, int(time.time()))).status_code == 400


def test_another_citys_notice_is_refused(town: Town) -> None:
    paid_at_the_provider(town)
    body = latest_event(town)
    header = signature("whsec_of_mitaka", body, int(time.time()))
    assert post(town, body, header).status_code == 400


def test_a_genuine_notice_pays_without_any_visitor(town: Town) -> None:
    payment = paid_at_the_provider(town)
    assert town.status(payment) == "open"
    town.deliver()
    assert town.status(payment) == "paid"
    assert town.told == ["paid"]
    assert all(event.processed_at and not event.error for event in kept(town))


def test_the_same_notice_is_kept_once(town: Town) -> None:
    payment = paid_at_the_provider(town)
    body = latest_event(town)
    header = signature(secret_of(town), body, int(time.time()))
    assert [post(town, body, header).text for _ in range(3)] == ["kept\n", "known\n", "known\n"]
    assert len(town.work()) == 1
    assert town.status(payment) == "paid"


def test_copies_arriving_at_once_are_acted_upon_once(town: Town) -> None:
    """Several different events of one payment, five copies of each, in eight threads: one change, one message."""
    payment = paid_at_the_provider(town)
    events = town.sandbox.parts.store.all("event", account_name(town.api_key))
    bodies = [json.dumps(event).encode() for event in events] * 5
    secret, answers = secret_of(town), []

    def send(part: list[bytes]) -> None:
        for body in part:
            header = signature(secret, body, int(time.time()))
            client = town.browser.application.test_client()
            answer = client.post("/webhooks/stripe", base_url=ORIGIN, data=body, headers={"Stripe-Signature": header})
            answers.append(answer.status_code)

    threads = [threading.Thread(target=send, args=(bodies[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}
    assert len(kept(town)) == len(events)
    workers = [
        threading.Thread(target=jobs.take_notice, kwargs={"city": town.key, "event_id": e["id"]}) for e in events
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert town.status(payment) == "paid"
    assert town.told == ["paid"]
    assert town.history().count("payment.paid") == 1


@pytest.mark.parametrize("switches", [("duplicate",), ("reorder",), ("duplicate", "reorder")])
def test_a_voucher_paid_on_a_bad_network_ends_the_same(town: Town, switches: tuple[str, ...]) -> None:
    for switch in switches:
        town.sandbox.parts.store.set_setting(switch, "on")
    payment = town.open()
    page = town.start(payment, "konbini")
    town.take_voucher(page)
    town.at_the_store("pay", page)
    town.deliver()
    assert town.status(payment) == "paid"
    assert town.told == ["paid"]


def test_notices_that_never_arrived_are_fetched_at_night(town: Town) -> None:
    town.sandbox.parts.store.set_setting("drop", "on")
    payment = paid_at_the_provider(town)
    town.deliver()
    assert town.status(payment) == "open"
    assert jobs.fetch_undelivered(town.key) >= 2
    town.work()
    assert town.status(payment) == "paid"


def test_a_notice_of_somebody_elses_payment_is_laid_aside(town: Town) -> None:
    paid_at_the_provider(town)
    event = json.loads(latest_event(town))
    event["id"] = "evt_other"
    event["data"]["object"] = {"id": "pi_other", "object": "payment_intent", "metadata": {}}
    body = json.dumps(event).encode()
    assert post(town, body, signature(secret_of(town), body, int(time.time()))).status_code == 200
    town.work()
    (other,) = [one for one in kept(town) if one.event_id == "evt_other"]
    assert other.processed_at is not None
    assert other.error == "NotFound"


def test_both_secrets_are_taken_while_rotating(town: Town) -> None:
    paid_at_the_provider(town)
    old = secret_of(town)
    origin = f"http://hino.localhost:{town.port}"
    accounts.connect(town.key, display_name="日野市", api_key=town.api_key, origin=origin)
    body = latest_event(town)
    now = int(time.time())
    assert secret_of(town) != old
    assert post(town, body, signature(old, body, now)).status_code == 200
    with city_session(town.key) as session:
        accounts.forget_old_secret(session)
    assert post(town, body, signature(old, body, now)).status_code == 400
    assert post(town, body, signature(secret_of(town), body, now)).status_code == 200


def test_keys_are_not_readable_in_the_database(town: Town) -> None:
    with city_session(town.key) as session:
        account = session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one()
        assert town.api_key.encode() not in account.api_key
        assert b"whsec" not in account.webhook_secret


def test_a_notice_keeps_nothing_of_the_payer(town: Town) -> None:
    paid_at_the_provider(town)
    town.deliver()
    columns = {column.name for column in ProviderEvent.__table__.columns}
    stored = " ".join(str(getattr(event, name)) for event in kept(town) for name in columns)
    assert "misaki" not in stored
    assert "SATO" not in stored
