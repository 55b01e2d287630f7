"""A colleague who is invited by mail, stands in for another one, and works elsewhere by the list of 1 April."""

from collections.abc import Callable

import pyotp
from playwright.sync_api import expect

from portal.core.clock import now, today
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor

CITY = "mitaka"
EMAIL = "arai@mitaka.example.jp"
OWN = "朝の電車でとなりに座る 38番"


def test_a_colleague_comes_by_a_link_stands_in_and_moves(
    at_desk: Callable[..., Visitor], visit: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    chief = at_desk("tanaka", CITY)
    invite(chief)
    newcomer = visit(CITY)
    newcomer.goto(mailbox.link(EMAIL, "招待"))
    come_in(newcomer)
    chief.goto("/desk/staff?q=arai")
    expect(chief.page.get_by_role("row").filter(has_text="新井 光")).to_contain_text("使用中")
    send_away(chief)
    newcomer.goto("/desk?view=all")
    newcomer.follow("高橋 直子さんの代理")
    expect(newcomer.page.get_by_role("link", name="高橋 直子さんの代理")).to_have_attribute("aria-current", "true")
    newcomer.look()
    move(chief)


def invite(chief: Visitor) -> None:
    """Roles are ticked, the mail goes out, and the list tells who has not come yet."""
    chief.goto("/desk/staff")
    chief.follow("職員を加える")
    chief.look("職員を加える")
    chief.answer({"name": "新井 光", "email": EMAIL})
    for role in ("受付・審査", "決定", "出納", "現地確認"):
        chief.page.get_by_label(f"道路管理課 {role}").check()
    chief.press("招待のメールを送る")
    chief.sees("招待のメールを送ります")
    chief.look("新井 光")
    chief.goto("/desk/staff?state=invited")
    expect(chief.page.get_by_role("row").filter(has_text="新井 光")).to_contain_text("招待中")


def come_in(newcomer: Visitor) -> None:
    """First the authenticator, then a password; neither is lost to a slip of the other."""
    newcomer.look("認証アプリを登録してください")
    secret = newcomer.page.locator("dt", has_text="読み取れないときのキー").locator("+ dd").inner_text()
    newcomer.answer({"code": pyotp.TOTP(secret).at(now())})
    newcomer.press("パスワードの設定に進む")
    newcomer.look("自分のパスワードを決めてください")
    newcomer.answer({"password": OWN, "again": "ちがう言葉"})
    newcomer.press("決めてはじめる")
    newcomer.sees("同じものを、もう一度入力してください")
    newcomer.look()
    newcomer.answer({"password": OWN, "again": OWN})
    newcomer.press("決めてはじめる")
    newcomer.page.wait_for_url("**/desk")


def send_away(chief: Visitor) -> None:
    """A clerk is on leave for today, and the newcomer stands in."""
    chief.goto("/desk/staff?q=高橋")
    chief.page.locator("main").get_by_role("link", name="高橋 直子").click()
    chief.follow("不在と代理を決める")
    chief.look("高橋 直子さんの不在と代理")
    chief.answer({"first_day": today().isoformat(), "last_day": today().isoformat()})
    chief.press("登録する")
    expect(chief.page.locator("[data-error-summary]")).to_be_focused()
    chief.look()
    chief.page.locator("#deputy").select_option(label="新井 光")
    chief.press("登録する")
    chief.sees("不在と代理を登録しました")
    chief.look()


def move(chief: Visitor) -> None:
    """A list with a fault is told by its line; without, it is read before it counts."""
    chief.goto("/desk/personnel")
    chief.look("人事異動の表")
    take(chief, f"新井 光,{EMAIL},宇宙課:決定,,")
    chief.sees("「宇宙課」という課はありません")
    chief.look()
    take(chief, f"新井 光,{EMAIL},,退職,")
    chief.sees("退職 1人")
    chief.look()
    chief.press("1人について取り込む")
    chief.sees("退職 1人です")
    chief.look()


def take(chief: Visitor, line: str) -> None:
    """Choose a file with one line."""
    content = f"名前,メールアドレス,役割,退職,引き継ぐ人\r\n{line}\r\n".encode("cp932")
    chief.page.locator("#file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": content})
    chief.press("変わることを確かめる")
