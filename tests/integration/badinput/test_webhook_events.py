"""Webhook events that the payment provider never sent, and some that only look as if it had."""

import json
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update

from madoguchi_sandbox.deliveries import signature_header
from portal.core.database import city_session
from portal.payments.models import PaymentAccount
from portal.payments.provider_accounts import save_account
from portal.payments.provider_models import ProviderEvent
from tests.integration.badinput.conftest import CITY
from tests.kit.browser import Browser

SECRET = "whsec_of_these_tests"


@pytest.fixture(scope="module")
def provider(resident: Browser) -> Iterator[Browser]:
    """Somebody at the door of a city that has an account."""
    with city_session(CITY) as session:
        save_account(session, display_name="日野市", api_key="sk_test_x", webhook_secret=SECRET)
    yield resident


def notice(visitor: Browser, body: bytes, signed: str) -> tuple[int, str]:
    answer = visitor.send(
        "POST", "/webhooks/stripe", data=body, content_type="application/json", headers={"Stripe-Signature": signed}
    )
    return answer.status_code, answer.text


def event(**changes: object) -> bytes:
    """A notice in which something is wrong."""
    whole = {
        "id": "evt_1",
        "object": "event",
        "type": "refund.updated",
        "created": 1,
        "livemode": False,
        "data": {"object": {"id": "re_1", "object": "refund"}},
    } | changes
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()  # fmt: skip


BODIES = {
    "empty": b"",
    "no json": b"{",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1" * 5000,
    "nothing in it": b"{}",
    "wrong types": json.dumps({"id": 1, "type": [], "created": "x", "data": "y", "livemode": "no", "object": "event"}).encode(),
    "not text": b"\xff\xfe\x00",
    "nul": json.dumps({"id": "evt_\x00", "object": "event", "type": "a\x00", "created": 1, "livemode": False,
                       "data": {"object": {"id": "x\x00"}}}).encode(),
    "lone surrogates": b'{"id":"evt_\\ud800","object":"event","type":"x","created":1,"livemode":false,"data":{"object":{"id":"x"}}}',
    "without a type": event(type=None),
    "without its subject": event(data={}),
    "subject with an empty number": event(data={"object": {"id": "", "object": "balance"}}),
    "subject of no kind": event(data={"object": {"id": "re_1"}}),
    "subject in a list": event(data=[{"object": {"id": "re_1", "object": "refund"}}]),
    "reference of another kind": event(data={"object": {"id": "re_1", "object": "refund", "metadata": {"reference": [1]}}}),
    "metadata of another kind": event(data={"object": {"id": "re_1", "object": "refund", "metadata": "x"}}),
    "time as a word": event(created="yesterday"),
    "something else": event(object="v2.core.event"),
    "deep": b'{"a":' * 3000 + b"1" + b"}" * 3000,
    "before time": json.dumps({"id": "evt_1", "object": "event", "type": "x", "created": -(10**18), "livemode": False,
                               "data": {"object": {"id": "x"}}}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_an_invalid_event_is_refused(provider: Browser, body: bytes) -> None:
    now = int(time.time())
    forged = (400, "invalid signature\n")
    for signed in (
        "",
        "x",
        "t=,v1=",
        f"t={now},v1=" + "0" * 64,
        "t=" + "9" * 400 + ",v1=0",
        "t=1,v1=あ",
        signature_header("other", body, now),
    ):
        assert notice(provider, body, signed) == forged, signed
    assert notice(provider, body, signature_header(SECRET, body, now - 3600)) == forged


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_genuine_signature_does_not_make_a_notice(provider: Browser, body: bytes) -> None:
    status, message = notice(provider, body, signature_header(SECRET, body, int(time.time())))
    assert status == 400
    assert message in {"malformed event\n", "invalid signature\n"}  # bytes that are no text cannot be signed
    with city_session(CITY) as session:
        assert session.scalar(select(func.count()).select_from(ProviderEvent)) == 0


def test_a_whole_notice_is_kept(provider: Browser) -> None:
    body = event()
    assert notice(provider, body, signature_header(SECRET, body, int(time.time()))) == (200, "stored\n")


@pytest.mark.parametrize(("number", "reference"), [(2, "請求 12 番"), (3, "a\x00b"), (4, "x" * 500), (5, "")])
def test_a_payment_of_another_system_of_the_city_is_taken_note_of(
    provider: Browser, number: int, reference: str
) -> None:
    subject = {"id": "cs_1", "object": "checkout.session", "client_reference_id": reference}
    body = event(id=f"evt_{number}", data={"object": subject | {"metadata": {"reference": reference}}})
    assert notice(provider, body, signature_header(SECRET, body, int(time.time()))) == (200, "stored\n")


def test_a_notice_about_something_without_an_id_is_kept_once_and_asks_for_no_work(provider: Browser) -> None:
    body = event(id="evt_balance", type="balance.available", data={"object": {"object": "balance", "available": []}})
    answers = [notice(provider, body, signature_header(SECRET, body, int(time.time()))) for _ in range(3)]
    assert answers == [(200, "stored\n"), (200, "duplicate\n"), (200, "duplicate\n")]
    with city_session(CITY) as session:
        row = session.get_one(ProviderEvent, "evt_balance")
        assert (row.set_aside, row.processed_at is None, row.tries) == ("no_object", False, 0)


def test_an_endless_notice_is_not_read(provider: Browser) -> None:
    assert notice(provider, b"x" * 600_000, "x") == (413, "event too large\n")


def test_a_city_that_takes_no_payments_takes_no_notices(provider: Browser) -> None:
    with city_session(CITY) as session:
        session.execute(update(PaymentAccount).values(active=False))
    body = event()
    answer = notice(provider, body, signature_header(SECRET, body, int(time.time())))
    with city_session(CITY) as session:
        session.execute(update(PaymentAccount).values(active=True))
    assert answer == (404, "no payment account\n")
