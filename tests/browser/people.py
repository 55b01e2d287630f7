"""The people of the journeys and what they do everywhere: staff sign in, residents confirm their address and pay."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pyotp

from portal.core.clock import now
from portal.demo.people import PASSWORD, PEOPLE, email_of, totp_secret_of
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor

Staff = Literal["takahashi", "tanaka", "yamamoto"]

OWNER = {
    "name.family": "佐藤",
    "name.given": "美咲",
    "address.postal_code": "190-0012",
    "address.prefecture": "東京都",
    "address.city": "立川市",
    "address.town": "曙町",
    "address.block": "2丁目17番3号",
    "phone": "090-1234-5678",
}
HOME_IN_MITAKA = {
    "address.postal_code": "181-0013",
    "address.city": "三鷹市",
    "address.town": "下連雀",
    "address.block": "3丁目35番1号",
}
"""Where the same person lives in the journeys through 三鷹市: some procedures are for addresses in the city alone."""

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"


def sign_in(window: Visitor, person: Staff, city: str) -> None:
    """Sign in as demo staff with password and authenticator."""
    member = next(candidate for candidate in PEOPLE if candidate.local_part == person)
    window.goto("/desk")
    window.look("職員のサインイン")
    window.page.get_by_label("メールアドレス").fill(email_of(member, city))
    window.page.get_by_label("パスワード").fill(PASSWORD)
    window.press("認証コードの入力に進む")
    window.look("認証アプリのコードを入力してください")
    window.page.get_by_label("6けたのコード").fill(pyotp.TOTP(totp_secret_of(member, city)).at(now()))
    window.press("サインインする")
    window.page.wait_for_url("**/desk")


def prove_address(window: Visitor, mailbox: Mailbox, address: str) -> None:
    """On the way to sending: give an address, read the code in the mail, enter it."""
    window.press("メールアドレスを確認する")
    enter_mailed_code(window, mailbox, address)
    window.page.wait_for_url("**/review")


def enter_mailed_code(window: Visitor, mailbox: Mailbox, address: str) -> None:
    """On the residents' sign-in page: give an address, read the code in the mail, enter it."""
    window.look("メールアドレスを教えてください")
    window.page.get_by_label("メールアドレス").fill(address)
    window.page.get_by_role("button", name="コード").click()
    window.look("メールのコードを入力してください")
    window.page.get_by_label("6けたのコード").fill(mailbox.code(address))
    window.press("サインインする")


def pay_by_card(window: Visitor, number: str = GOOD_CARD) -> None:
    """On the payment company's page."""
    page = window.page
    page.wait_for_url("**/c/pay/**")
    card = page.locator('form[action$="/card"]')
    card.get_by_label("メールアドレス").fill("misaki@example.jp")
    card.get_by_label("カードの名義").fill("MISAKI SATO")
    card.get_by_label("カード番号").fill(number)
    card.get_by_label("有効期限").fill("12 / 34")
    card.get_by_label("セキュリティコード").fill("123")
    card.get_by_role("button").click()


@contextmanager
def provider_away(window: Visitor, sandbox: str) -> Iterator[None]:
    """The payment company takes no request for a while."""
    request, page = window.context.request, f"{sandbox}/operator/switches"
    methods: dict[str, str | float | bool] = {
        f"method_{name}": "on" for name in ("card", "konbini", "paypay", "customer_balance")
    }
    assert request.post(page, form=methods | {"api_fault": "rate_limit"}).ok
    try:
        with window.while_away():
            yield
    finally:
        assert request.post(page, form=methods).ok
