"""The same page in other languages: English, and やさしい日本語 with its readings above the kanji."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.visitor import Visitor

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]+")


def test_a_page_of_questions_stays_in_every_language(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    dog.begin(resident)
    resident.answer({"phone": "090-1234-5678"})
    page.locator("#phone").blur()
    expect(page.locator("[data-save-state]")).to_contain_text("自動で保存しました")

    _choose(resident, "メニュー", "English")
    resident.look("Owner")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#phone")).to_have_value("090-1234-5678")

    _choose(resident, "Menu", "やさしい日本語")
    resident.look("飼")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("h1 ruby").first).to_contain_text("飼")
    expect(page.locator("#phone")).to_have_value("090-1234-5678")
    assert re.search(r"/owner\b", page.url)


def test_english_pages_have_no_japanese_left(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/procedures/dog-registration")
    resident.follow("English")
    resident.look("Registration of a dog")
    assert JAPANESE.findall(resident.page.locator("main").inner_text()) == []
    resident.page.get_by_role("button", name="Start").click()
    resident.look("Owner")
    assert JAPANESE.findall(resident.page.locator("main").inner_text()) == []
    assert resident.page.url.endswith("/owner")


def _choose(resident: Visitor, menu: str, language: str) -> None:
    """Open the menu in the header and choose a language there."""
    resident.page.locator("summary", has_text=menu).click()
    resident.page.get_by_role("link", name=language).filter(visible=True).click()
