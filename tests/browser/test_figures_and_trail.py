"""Who runs the city looks at its figures, an auditor at who saw what: with axe, on a desk and on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.audit import PHONE
from tests.browser.visitor import Visitor


def test_figures_are_read_as_charts_and_as_tables(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page = window.page
    window.goto("/desk")
    page.get_by_role("navigation", name="職員メニュー").get_by_role("link", name="市のようす").click()
    expect(page.get_by_role("heading", name="申請の件数")).to_be_visible()
    picture = page.get_by_role("img", name=re.compile("申請の多い場所を"))
    expect(picture).to_be_visible()
    assert picture.evaluate("async (img) => { await img.decode(); return img.naturalWidth }") > 0
    window.look()
    page.get_by_label("グラフの単位").select_option("week")
    page.get_by_label("手続き", exact=True).select_option(label="道路の損傷の連絡")
    page.get_by_role("button", name="この条件で見る").click()
    expect(page).to_have_url(re.compile("procedure=road-damage"))
    for summary in page.locator("details > summary", has_text="表で見る").all():
        summary.click()
    expect(page.get_by_role("table").first).to_be_visible()
    window.look()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_auditor_finds_who_saw_what_and_checks_the_records(at_desk: Callable[..., Visitor]) -> None:
    window = at_desk("tanaka")
    page = window.page
    window.goto("/desk/audit")
    window.look()
    page.get_by_label("できごと", exact=True).select_option("looks")
    page.get_by_role("button", name="この条件で見る").click()
    expect(page).to_have_url(re.compile("kind=looks"))
    window.look()
    page.get_by_label("受付番号", exact=True).fill("立-0000-00000")
    page.get_by_role("button", name="この条件で見る").click()
    expect(page.get_by_text("この受付番号の案件はありません")).to_be_visible()
    window.look()
    window.goto("/desk/audit")
    page.get_by_role("button", name="いま検査する").click()
    expect(page.get_by_text("切れ目はありません")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="いま検査する")).to_be_visible(timeout=60_000)
