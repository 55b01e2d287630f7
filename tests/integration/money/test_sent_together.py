"""The one payment of what was sent together, broken off in every way: the applications stand, the rest is payable, and it is said plainly."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.cases.bundle_models import Bundle
from portal.cases.bundles import members_of, start_bundle
from portal.cases.drafts import save_answers
from portal.cases.models import Case
from portal.cli.installing import install
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.text import date_ja, moment_ja
from portal.payments import Payment, awaited_slip, payments_of_case
from portal.payments.sync import sync_payment
from portal.procedures import close_procedure, queries
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.kit.browser import Browser, agreement
from tests.kit.payer import Payer

KEYS = {"test-tree": 400, "test-fence": 300}
FREE = "test-hedge"
PROCEDURE = """
procedure: {key}
kind: notification
title: {{ja: 試験用の届出（{fee}円）}}
department: environment
steps:
  - id: who
    title: {{ja: 届け出る方}}
    fields:
      - {{id: name, type: person_name, item: person.name}}
fee:
  - {{id: fee, label: {{ja: 手数料}}, amount: '{fee}'}}
workflow: {{preset: permit}}
"""


@pytest.fixture(scope="module", autouse=True)
def procedures(hall: Hall) -> Iterator[None]:
    with city_session(CITY) as session:
        for key, fee in (KEYS | {FREE: 0}).items():
            install(session, PROCEDURE.format(key=key, fee=fee), None)
    yield
    with city_session(CITY) as session:
        for key in (*KEYS, FREE):
            close_procedure(session, queries.procedure(session, key))


class Sent:
    """Two applications sent together by card or voucher, at the provider's page, with whoever sent them."""

    def __init__(self, hall: Hall, method: str = "card", *, away: bool = False, keys: Iterable[str] = KEYS) -> None:
        self.browser = Browser(hall.app, CITY).sign_in(RESIDENT)
        with city_session(CITY) as session:
            offers = [queries.offer(session, key) for key in keys]
            bundle = start_bundle(session, offers, account_id=hall.account_id, language="ja")
            for member in members_of(session, bundle):
                save_answers(session, member.draft, member.definition, {"name": {"family": "佐藤", "given": "美咲"}})
                member.draft.done_steps = ["who"]
            self.public_id = bundle.public_id
        review = f"/apply/d/{self.public_id}/review"
        form = agreement(self.browser.get(review).text) | {"method": method}
        sent = self.browser.post(review, form)
        assert sent.status_code == 307, "the same form goes on to the payment"
        if away:
            hall.sandbox.store.set_setting("api_fault", "before")
        self.started = self.browser.post(sent.location, form)
        self.payer = Payer(CITY, hall.api_key, hall.sandbox, self.cases[0].id, hall.app.test_client(), 0)

    @property
    def cases(self) -> list[Case]:
        with city_session(CITY) as session:
            query = select(Case).join(Bundle, Bundle.id == Case.bundle_id).where(Bundle.public_id == self.public_id)
            return list(session.scalars(query.order_by(Case.id)))

    @property
    def payment(self) -> Payment:
        """The one order for both."""
        with city_session(CITY) as session:
            [payment], [second] = (payments_of_case(session, case.id) for case in self.cases)
        assert payment.id == second.id
        return payment

    def waits_for_money(self) -> None:
        """Both stand as their definitions say, nothing is lost, and both pages and the basket lead to the payment."""
        assert [case.state for case in self.cases] == ["awaiting_fee"] * len(KEYS)
        done = self.browser.get(f"/bundles/{self.public_id}/done").text
        assert "2件の手続きが届きました" in done
        assert "700円を支払うと、市役所が受け付けます" in done
        assert "手続きはなくなりません" in done
        assert "700円を支払う" in self.browser.get(f"/me/bundles/{self.public_id}").text

    def is_paid_now(self) -> None:
        """The rest is paid with one press, and both applications go on."""
        page = self.payer.start(self.payment, "card", restart=True)
        assert self.payer.pay(page) == 303
        sync_payment(CITY, self.payment.id, checkout_id=self.payer.session_at(page)["id"])
        assert "awaiting_fee" not in {case.state for case in self.cases}
        assert "700円の支払いが終わりました" in self.browser.get(f"/bundles/{self.public_id}/done").text


@pytest.fixture(autouse=True)
def provider_works_again(hall: Hall) -> Iterator[None]:
    yield
    hall.sandbox.store.set_setting("api_fault", "")


def test_a_declined_card(hall: Hall) -> None:
    sent = Sent(hall)
    assert sent.payer.pay(sent.started.location, "4000000000000002") == 402
    back = sent.browser.get(f"/pay/{sent.payment.public_id}/return")
    assert "カード" in sent.browser.get(back.location or f"/pay/{sent.payment.public_id}").text
    sent.waits_for_money()
    sent.is_paid_now()


def test_a_window_that_was_closed_on_the_way(hall: Hall) -> None:
    sent = Sent(hall)
    assert sent.started.status_code == 303
    sent.waits_for_money()
    sent.is_paid_now()


def test_a_provider_that_goes_away_in_the_middle(hall: Hall) -> None:
    sent = Sent(hall, away=True)
    assert sent.started.status_code == 503
    assert "15分後にもう一度お試しください" in sent.started.text
    sent.waits_for_money()
    hall.sandbox.store.set_setting("api_fault", "")
    with frozen(now() + timedelta(minutes=1)):
        sent.is_paid_now()


def last_days(page: str) -> set[str]:
    """The deadlines of payment that a page names."""
    return set(re.findall(r"お支払いの期限(?:</span>)? <b>([^<]+)</b>", page))


def test_a_voucher_that_was_taken_and_lapsed(hall: Hall) -> None:
    sent = Sent(hall, "konbini")
    sent.payer.take_voucher(sent.started.location)
    sent.browser.get(f"/pay/{sent.payment.public_id}/return")
    sync_payment(CITY, sent.payment.id)
    with city_session(CITY) as session:
        slip = awaited_slip(session, sent.payment.id)
    assert slip is not None
    last_moment = moment_ja(slip.until)
    for page in (f"/bundles/{sent.public_id}/done", f"/me/bundles/{sent.public_id}"):
        text = sent.browser.get(page).text
        assert f"/pay/{sent.payment.public_id}" in text, "the numbers for the shop are a press away"
        assert not re.search(r"/me/basket\?charge=", text)
        assert "お店での支払いを待っています" in text
        assert "まだ支払われていません" not in text, "a way to pay was chosen"
        told = f"いまの番号は、{last_moment}まで使えます。過ぎたら、もう一度支払いかたを選べます。"
        assert told in text, "the number ends before the fee is due"
        assert last_days(text) == {date_ja(sent.payment.pay_by)}, "one deadline: that of the fee"
    assert "コンビニ" in sent.browser.get(f"/pay/{sent.payment.public_id}").text
    assert sent.payer.at_the_store("expire", sent.started.location) == 303
    sync_payment(CITY, sent.payment.id)
    sent.waits_for_money()
    sent.is_paid_now()


def test_one_fee_among_several_leads_to_the_receipt_of_them_all(hall: Hall) -> None:
    sent = Sent(hall, keys=("test-fence", FREE))
    with city_session(CITY) as session:
        [payment] = [payment for case in sent.cases for payment in payments_of_case(session, case.id)]
    assert sent.payer.pay(sent.started.location) == 303
    back = sent.browser.get(f"/pay/{payment.public_id}/return")
    assert back.location == f"/bundles/{sent.public_id}/done"
    receipt = sent.browser.get(back.location).text
    assert all(case.number in receipt for case in sent.cases)
