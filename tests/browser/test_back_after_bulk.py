"""Back after many cases were acted on together: it leads to what became of them, and nothing is done twice."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

WORDS = "現地を確かめてから、あらためてお知らせします。"
REPORT = "メッセージをまとめて送った結果"


def _confirm(desk: Desk) -> None:
    """The two newest road cases, up to the page that says once more what would be sent."""
    page = desk.page
    desk.window.goto("/desk?status=open&procedure=road-occupancy")
    for row in range(2):
        desk.rows.nth(row).locator("xpath=..").get_by_role("checkbox").check()
    page.get_by_role("button", name="選んだ2件を扱う").click()
    desk.window.look("2件をまとめて扱う")
    page.get_by_label("申請した人全員に書くこと").fill(WORDS)
    page.get_by_role("button", name="メッセージを確かめる").click()
    desk.window.look("メッセージを送りますか")


def _send(page: Page) -> None:
    page.get_by_role("button", name="2件に送る").click()


def test_back_leads_to_the_report_and_sends_nothing_again(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    desk, page = Desk(window), window.page
    _confirm(desk)
    late = window.context.new_page()
    late.goto(page.url)
    _send(page)
    window.sees("案件ごとの結果")
    address = page.url
    for _page in ("what would be sent", "what can be done"):
        page.go_back()
        window.look(REPORT)
        expect(page).to_have_url(address)
    page.go_back()
    expect(desk.rows.first).to_be_visible()
    page.go_forward()
    window.look(REPORT)

    _send(late)
    expect(late.locator("h1")).to_contain_text(REPORT)
    page.locator("main table a").first.click()
    desk.tab("やりとり")
    expect(desk.drawer.get_by_text(WORDS)).to_have_count(1)
