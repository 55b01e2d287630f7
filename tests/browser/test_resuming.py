"""An application is left on one device and finished on another."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.mailbox import Mailbox
from tests.browser.people import OWNER
from tests.browser.visitor import Visitor

ADDRESS = "later@example.jp"


def test_the_link_in_the_mail_goes_on_where_one_left(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    desktop = visit()
    dog.begin(desktop)
    dog.owner(desktop)
    desktop.answer({"dog_name": "こむぎ"})
    desktop.press("あとで続ける")
    desktop.look("あとで続ける")
    desktop.answer({"email": "misaki"})
    desktop.press("続きのリンクを送る")
    desktop.sees("1つの項目を直してください")
    desktop.look()
    desktop.answer({"email": ADDRESS})
    desktop.press("続きのリンクを送る")
    desktop.sees("リンクを送りました")
    desktop.look()

    phone = visit(viewport={"width": 390, "height": 844})
    phone.goto(mailbox.link(ADDRESS, "犬の登録"))
    phone.look("犬のこと")
    expect(phone.page.locator("#dog_name")).to_have_value("こむぎ")
    phone.follow("前のページにもどる")
    phone.look("飼い主")
    expect(phone.page.locator('[name="name.family"]')).to_have_value(OWNER["name.family"])


def test_an_application_of_somebody_else_is_not_there(visit: Callable[..., Visitor]) -> None:
    owner = visit()
    dog.begin(owner)
    stranger = visit()
    answer = stranger.goto(owner.page.url)
    assert answer
    assert answer.status == 404
    stranger.look()
