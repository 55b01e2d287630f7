"""From the provider's notice to the applicant's letter: a signed webhook, the worker's job, the case, the mail, all wired as in production."""

import json
import time

import pytest
from sqlalchemy import select

from madoguchi_sandbox.deliveries import signature_header
from portal.core.database import city_session
from portal.notifications.models import MailMessage
from portal.payments.provider_accounts import webhook_secrets
from portal.payments.task_names import PROCESS_EVENT
from tests.integration.money.conftest import CITY, Hall
from tests.kit.browser import Browser
from tests.kit.jobs import forget_jobs, run_next, waiting
from tests.kit.payer import Payer, account_name

SEND_MAIL = "notifications.send"


@pytest.fixture
def unpaid(hall: Hall) -> Payer:
    """A case whose fee is paid at the provider, of which the city hall does not know yet; nothing else waits for the worker."""
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    assert payer.pay(payer.start(payment, "card")) == 303
    forget_jobs(CITY)
    return payer


def notices(hall: Hall, payer: Payer) -> list[bytes]:
    """The provider's events about this case's payment, oldest first."""
    (payment,) = hall.payments(payer)
    events = hall.sandbox.store.list_objects("event", account_name(hall.api_key))[::-1]
    about = [json.dumps(event).encode() for event in events if payment.public_id in json.dumps(event)]
    assert about
    return about


def notify(hall: Hall, body: bytes) -> tuple[int, str]:
    """Post a notice as the provider does, signed for this city."""
    with city_session(CITY) as session:
        signature = signature_header(webhook_secrets(session)[0], body, int(time.time()))
    answer = Browser(hall.app, CITY).send(
        "POST", "/webhooks/stripe", data=body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code, answer.text


def letters_waiting(payer: Payer) -> list[str]:
    """The kinds of the letters about a case that nobody has sent yet."""
    with city_session(CITY) as session:
        query = select(MailMessage.kind).where(MailMessage.case_id == payer.case_id, MailMessage.status == "waiting")
        return list(session.scalars(query.order_by(MailMessage.id)))


def test_a_notice_moves_the_case_and_queues_the_letter(hall: Hall, unpaid: Payer) -> None:
    body = notices(hall, unpaid)[-1]
    before = letters_waiting(unpaid)
    assert notify(hall, body) == (200, "stored\n")
    assert waiting(CITY) == [PROCESS_EVENT]
    assert hall.case(unpaid).state == "awaiting_fee"  # the provider does not wait for what follows

    assert run_next(CITY) == PROCESS_EVENT
    (payment,) = hall.payments(unpaid)
    assert payment.status == "paid"
    assert hall.case(unpaid).state == "received"
    assert letters_waiting(unpaid) == [*before, "payment_received"]
    assert SEND_MAIL in waiting(CITY)
    (letter,) = hall.letters(unpaid, "payment_received")
    assert "3,000円" in letter


def test_a_notice_that_comes_again_moves_nothing(hall: Hall, unpaid: Payer) -> None:
    body = notices(hall, unpaid)[-1]
    notify(hall, body)
    unpaid.work()
    history = unpaid.history()
    assert notify(hall, body) == (200, "duplicate\n")
    assert waiting(CITY) == []
    assert unpaid.history() == history
    assert len(hall.letters(unpaid, "payment_received")) == 1


def test_every_notice_of_one_payment_together_moves_the_case_once(hall: Hall, unpaid: Payer) -> None:
    for body in notices(hall, unpaid):
        assert notify(hall, body)[0] == 200
    unpaid.work()
    assert hall.case(unpaid).state == "received"
    assert unpaid.history().count("payment.paid") == 1
    assert len(hall.letters(unpaid, "payment_received")) == 1


@pytest.mark.parametrize("paid_by_card_meanwhile", [False, True])
def test_a_voucher_that_is_paid_after_it_lapsed_counts_once_or_goes_back(
    hall: Hall, paid_by_card_meanwhile: bool
) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    told = 0

    def hear() -> None:
        nonlocal told
        news = notices(hall, payer)
        for body in news[told:]:
            assert notify(hall, body)[0] == 200
        told = len(news)
        payer.work()

    hear()
    assert payer.status(payment) == "pending"
    intent = payer.session_at(page)["payment_intent"]
    operator = hall.sandbox.app.test_client()
    assert operator.post(f"/operator/vouchers/{intent}/expire").status_code == 303
    hear()
    assert payer.read(payment).is_payable, "the fee can be paid in another way"
    if paid_by_card_meanwhile:
        assert payer.pay(payer.start(payment, "card")) == 303
        hear()
    assert payer.at_the_store("pay", page) == 303
    hear()
    paid = payer.read(payment)
    assert (paid.status, paid.received) == ("paid", 3000)
    back = [(refund.amount, refund.duplicate) for refund in payer.refunds(payment)]
    assert back == ([(3000, True)] if paid_by_card_meanwhile else [])
    assert len(hall.letters(payer, "payment_received")) == 1
