"""News from the desk to its readers: written, looked at, kept as a draft, published, read with its feed, ended and deleted."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser.visitor import Visitor

TITLE, TEXT = "粗大ごみの受付時間が変わります", "受付の時間が変わります。\n\n・平日は17時まで\n・土曜日は正午まで"


def test_news_are_written_published_read_and_ended(
    at_desk: Callable[..., Visitor], visit: Callable[..., Visitor]
) -> None:
    desk, reader = at_desk("yamamoto"), visit()
    page = desk.page
    desk.goto("/desk/news")
    desk.follow("お知らせを書く")
    desk.look()
    desk.press("公開する")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    desk.look()
    page.locator("#subject").select_option("くらし")
    page.locator("#title_ja").fill(TITLE)
    page.locator("#body_ja").fill(TEXT)
    desk.press("住民に見える形を確かめる")
    expect(desk.region("住民に見える形").get_by_role("listitem")).to_have_text(["平日は17時まで", "土曜日は正午まで"])
    desk.look()
    desk.press("下書きに保存する")
    row = page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("下書き")
    desk.look()
    reader.goto("/news")
    expect(reader.page.get_by_role("link", name=TITLE)).to_have_count(0)
    row.get_by_role("link", name=TITLE).click()
    expect(page.locator("#body_ja")).to_have_value(TEXT)
    page.locator("#shown_from").fill(today().isoformat())  # a draft has no day yet
    desk.press("公開する")
    expect(row).to_contain_text("公開中")

    reader.goto("/")
    reader.follow(TITLE)
    reader.look(TITLE)
    reader.goto("/news")
    reader.look("お知らせ")
    feed = reader.page.evaluate("fetch('/news.atom').then((answer) => answer.text())")
    titles = ElementTree.fromstring(feed).iter("{http://www.w3.org/2005/Atom}title")  # noqa: S314 - the portal's own
    assert TITLE in [title.text for title in titles]
    reader.goto("/news?lang=en")
    reader.follow(TITLE)
    reader.sees("Japanese only")
    reader.look()

    _press_in_row(desk, "公開を終える", "やめる")
    expect(row).to_contain_text("公開中")
    _press_in_row(desk, "公開を終える", "公開を終える")
    expect(row).to_contain_text("下書き")  # nobody could have read it before today
    assert reader.goto("/news?lang=ja") is not None
    expect(reader.page.get_by_role("link", name=TITLE)).to_have_count(0)
    _press_in_row(desk, "下書きを消す", "下書きを消す")
    expect(row).to_have_count(0)


def _press_in_row(desk: Visitor, label: str, answer: str) -> None:
    """Press a button of the article, and answer the dialog that asks first."""
    row = desk.page.get_by_role("row").filter(has_text=TITLE)
    row.get_by_role("button", name=label).click()
    dialog = desk.page.get_by_role("dialog", name=re.compile(TITLE))
    expect(dialog).to_be_visible()
    desk.look()
    dialog.get_by_role("button", name=answer, exact=True).click()
    expect(dialog).to_be_hidden()
