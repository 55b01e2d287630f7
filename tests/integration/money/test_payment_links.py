"""Somebody else pays by a link (代理納付): they see titles and amounts alone, and a fee is settled once, whoever pays it at the same moment."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.notifications.encrypted_email import Email
from portal.notifications.models import MailMessage
from portal.payments import CheckoutOptions, Payment, cancel_payment, open_payment_link, start_checkout
from portal.payments.jobs import sweep
from portal.payments.models import PaymentAttempt
from portal.payments.payer_confirmation import KEPT_FOR, forget_payers
from portal.payments.payment_links import HELD_FOR, LINK_LIFE
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.integration.money.test_baskets import choice, owed
from tests.integration.money.test_races import together
from tests.kit.browser import Browser
from tests.kit.payer import Payer


@pytest.fixture
def resident(hall: Hall) -> Iterator[Browser]:
    yield Browser(hall.app, CITY).sign_in(RESIDENT)
    with city_session(CITY) as session:
        for payer in hall.payers:
            for payment in hall.payments(payer):
                if payment.is_payable:
                    cancel_payment(session, payment)
    hall.payers.clear()


def shared(resident: Browser, *payments: Payment) -> str:
    """Make a link to these payments; its path."""
    resident.get("/me/pay-link?" + "&".join(f"charge={key}" for key in choice(*payments)))
    page = resident.post("/me/pay-link", {"charge": choice(*payments)})
    assert page.status_code == 200
    return re.search(r'value="http://[^/"]+(/pay-for/[\w-]+)"', page.text)[1]  # type: ignore[index] # it is on the page


def stranger(hall: Hall) -> Browser:
    return Browser(hall.app, CITY)


def press(helper: Browser, link: str, total: int = 3000, **form: str) -> str:
    """Press the button of a link's page; where that leads."""
    helper.get(link)
    answer = helper.post(link, {"total": str(total), "method": "card", **form})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def events(hall: Hall, payer: Payer) -> list[str]:
    return [name for name in payer.history() if name.startswith("payment.")]


def confirmations() -> list[Email]:
    with city_session(CITY) as session:
        rows = session.scalars(select(MailMessage).where(MailMessage.kind == "payer_confirmation"))
        return [Email.decrypt(CITY, row.kind, row.sealed) for row in rows]


def test_a_stranger_pays_two_fees_and_learns_nothing_of_their_cases(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    link = shared(resident, fee, second_fee)
    helper = stranger(hall)
    answer = helper.get(link)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    page = answer.text
    assert "6,000円を支払う" in page
    assert "犬の登録" in page
    case = hall.case(first)
    for hidden in (case.number, case.public_id, case.applicant_name, fee.public_id):
        assert hidden not in page
    at_provider = press(helper, link, 6000, email="uncle@example.jp")
    (attempt,) = first.attempts(hall.payments(first)[0])
    assert [line["price_data"]["product_data"]["name"] for line in attempt.request["line_items"]] == [
        "犬の登録手数料"
    ] * 2
    assert case.number not in str(attempt.request)
    assert first.pay(at_provider) == 303
    assert helper.get(f"{link}/return").location == link
    assert "ありがとうございました" in helper.get(link).text
    assert "もう支払われています" in stranger(hall).get(link).text, "for who only opens the link"
    for payer in (first, second):
        (payment,) = hall.payments(payer)
        assert (payment.status, payment.received, payment.by_link) == ("paid", 3000, True)
        assert events(hall, payer)[-1] == "payment.paid_by_link"
    assert len(hall.letters(first, "payments_received")) == 1, "the resident is told as always"
    (mail,) = confirmations()
    assert mail.to == "uncle@example.jp"
    assert "6,000円" in mail.body
    assert case.number not in mail.body + mail.subject
    with city_session(CITY) as session:
        assert session.scalars(select(PaymentAttempt.payer).where(PaymentAttempt.link_id.is_not(None))).all() == [None]
    assert "リンクを受け取った人が支払いました" in resident.get(f"/pay/{hall.payments(first)[0].public_id}").text


def test_a_link_ends_by_itself_by_its_maker_and_by_the_next(hall: Hall, resident: Browser) -> None:
    ((_payer, payment),) = owed(hall, 1)
    former, link = shared(resident, payment), shared(resident, payment)
    assert former != link
    assert stranger(hall).get(former).status_code == 404
    helper = stranger(hall)
    assert helper.get(link).status_code == 200
    with frozen(now() + LINK_LIFE + timedelta(minutes=1)):
        assert stranger(hall).get(link).status_code == 404
    page = resident.get("/me/pay-link").text
    end = re.search(r'action="(/me/pay-link/\d+/end)"', page)[1]  # type: ignore[index] # the link is listed
    assert page.count("/end") == 1, "the former one ended"
    assert stranger_cannot_end(hall, end)
    assert resident.post(end).status_code == 303
    assert "リンクを止める" not in resident.get("/me/pay-link").text
    assert helper.get(link).status_code == 404
    assert helper.post(link, {"total": "3000", "method": "card"}).status_code == 404


def stranger_cannot_end(hall: Hall, end: str) -> bool:
    other = Browser(hall.app, CITY).sign_in("other.payer@example.jp")
    other.get("/me/basket")
    return other.post(end).status_code == 404


def test_only_ones_own_open_fees_are_shared(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    other = Browser(hall.app, CITY).sign_in("other.payer@example.jp")
    other.get("/me/pay-link")
    assert other.post("/me/pay-link", {"charge": choice(payment)}).status_code == 409
    hall.pay(payer, payment)
    resident.get("/me/pay-link")
    assert resident.post("/me/pay-link", {"charge": choice(payment)}).status_code == 409


def test_what_was_paid_meanwhile_is_taken_off_and_the_new_sum_shown_first(hall: Hall, resident: Browser) -> None:
    (first, fee), (second, second_fee) = owed(hall)
    link, helper = shared(resident, fee, second_fee), stranger(hall)
    helper.get(link)
    hall.pay(first, fee)
    answer = helper.post(link, {"total": "6000", "method": "card", "email": "uncle@example.jp"})
    assert answer.status_code == 409
    assert "合計は3,000円です" in answer.text
    assert 'value="uncle@example.jp"' in answer.text, "nothing typed is lost"
    assert second.session_at(press(helper, link))["amount_total"] == 3000


def test_a_wrong_address_is_said_at_its_field(hall: Hall, resident: Browser) -> None:
    ((_payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    helper.get(link)
    answer = helper.post(link, {"total": "3000", "method": "konbini", "email": "uncle"})
    assert answer.status_code == 422
    assert re.search(r'value="konbini"[^>]* checked', answer.text)


def test_a_voucher_shows_to_who_took_it_alone(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    at_provider = press(helper, link, method="konbini")
    payer.take_voucher(at_provider)
    helper.get(f"{link}/return")
    assert "支払い番号" in helper.get(link).text
    for other in (stranger(hall).get(link), resident.get(f"/pay/{payment.public_id}")):
        assert "確認番号" not in other.text
        assert "支払いの手続きをしています" in other.text
    other = stranger(hall)
    other.get("/status")
    assert other.post(link, {"total": "3000", "method": "card", "restart": "yes"}).location == link
    assert payer.at_the_store("pay", at_provider) == 303
    sweep(CITY)
    sync_payment(CITY, payment.id)
    assert "ありがとうございました" in helper.get(link).text
    assert payer.read(payment).method == "konbini"


def test_who_takes_a_voucher_of_their_own_may_choose_another_way(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    payer.take_voucher(press(helper, link, method="konbini"))
    helper.get(f"{link}/return")
    assert payer.pay(press(helper, link, restart="yes")) == 303
    helper.get(f"{link}/return")
    assert payer.status(payment) == "paid"


def test_the_residents_voucher_is_not_replaced_by_a_link(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    at_provider = payer.start(payment, "konbini")
    payer.take_voucher(at_provider)
    payer.come_back(payment)
    page = helper.get(link).text
    assert "ここでは、支払わないでください" in page
    helper.get("/status")
    assert helper.post(link, {"total": "3000", "method": "card", "restart": "yes"}).location == link
    assert payer.status(payment) == "pending"


def test_a_page_left_open_elsewhere_is_closed_by_who_pays(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    left = payer.start(payment, "card")
    assert "ほかの画面でも、支払いの途中です" in helper.get(link).text
    at_provider = press(helper, link)
    assert at_provider != left
    assert payer.pay(left) == 410, "nothing can be paid there any more"
    assert payer.pay(at_provider) == 303
    helper.get(f"{link}/return")
    assert payer.status(payment) == "paid"


def test_of_two_who_hold_the_link_one_pays_and_the_other_is_told_until_when_to_wait(
    hall: Hall, resident: Browser
) -> None:
    ((payer, payment),) = owed(hall, 1)
    link = shared(resident, payment)
    helpers = [stranger(hall), stranger(hall)]
    for helper in helpers:
        helper.get(link)

    def start(helper: Browser) -> str | None:
        answer = helper.post(link, {"total": "3000", "method": "card"})
        return answer.location if answer.status_code == 303 and answer.location != link else None

    pages = together(*(lambda helper=helper: start(helper) for helper in helpers))
    (first,) = [str(page) for page in pages if page]
    late = helpers[pages.index(None)]
    answer = late.post(link, {"total": "3000", "method": "card"})
    assert answer.status_code == 409
    assert "ほかの人が、いま支払っています" in answer.text
    assert "円を支払う</" not in answer.text
    with frozen(now() + HELD_FOR + timedelta(seconds=1)):
        second = press(late, link)
        assert payer.pay(first) == 410, "who waited closes the page that nobody paid on"
        assert payer.pay(second) == 303
        late.get(f"{link}/return")
    assert (payer.status(payment), [attempt.status for attempt in payer.attempts(payment)]) == (
        "paid",
        ["expired", "paid"],
    )


def test_resident_and_stranger_at_the_same_moment_settle_it_once(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link = shared(resident, payment)
    with city_session(CITY) as session:
        number = open_payment_link(session, link.rpartition("/")[2]).id
    by_link = CheckoutOptions("http://hino.localhost", "card", link_id=number, return_path=link)
    by_resident = CheckoutOptions("http://hino.localhost", "card")

    def pay(options: CheckoutOptions) -> object:
        return payer.pay(start_checkout(CITY, payment.public_id, options))

    together(lambda: pay(by_link), lambda: pay(by_resident), lambda: pay(by_link), lambda: pay(by_resident))
    sync_payment(CITY, payment.id)
    paid = payer.read(payment)
    attempts = payer.attempts(payment)
    assert (paid.status, paid.received) in {("paid", 3000), ("open", 0)}, "each may have closed the other's page"
    assert sum(attempt.settles for attempt in attempts) == (paid.status == "paid")
    assert sum(attempt.status == "paid" for attempt in attempts) == len(payer.refunds(payment)) + (
        paid.status == "paid"
    )


def test_an_address_that_came_to_nothing_is_forgotten(hall: Hall, resident: Browser) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    press(helper, link, email="uncle@example.jp")
    with city_session(CITY) as session:
        cancel_payment(session, payment)
    payer.work()
    forget_payers(CITY)
    (attempt,) = payer.attempts(payment)
    assert attempt.payer == {"email": "uncle@example.jp", "language": "ja"}
    with frozen(now() + KEPT_FOR + timedelta(days=1)):
        forget_payers(CITY)
    assert payer.attempts(payment)[0].payer is None


def test_while_the_provider_is_away_the_stranger_reads_nothing_of_an_application_and_what_was_typed_stays(
    hall: Hall, resident: Browser
) -> None:
    ((payer, payment),) = owed(hall, 1)
    link, helper = shared(resident, payment), stranger(hall)
    form = {"total": "3000", "method": "card", "email": "uncle@example.jp"}
    hall.sandbox.store.set_setting("api_fault", "rate_limit")
    try:
        for language, said in (
            ("ja", "いま、支払いができません。お金は動いていません。15分後に、このページからもう一度お試しください。"),
            ("ja-easy", "今は払えません。お金は動いていません。15分あとにこのページからもう一度してください。"),
            ("en", "Payment is not possible at the moment. Nothing has been charged."),
            ("zh", "目前无法付款。没有扣款。请在15分钟后从此页面重试。"),
            ("ko", "지금은 결제할 수 없습니다. 청구된 금액은 없습니다."),
        ):
            helper.get(f"{link}?lang={language}")
            away = helper.post(f"{link}?lang={language}", form)
            main = away.text.split("<main")[1].split("</main")[0]
            words = re.sub(r"<rt>.*?</rt>|<rp>.*?</rp>|<[^>]+>", "", main)
            assert away.status_code == 503
            assert said.replace(" ", "") in words.replace(" ", "")
            assert not re.search("申請|application|申请|신청", words)
            assert 'value="uncle@example.jp"' in main
    finally:
        hall.sandbox.store.set_setting("api_fault", "")
    assert payer.pay(press(helper, link)) == 303
    assert sync_payment(CITY, payment.id) == "paid"
