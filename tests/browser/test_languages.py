"""The same page in other languages: English, and やさしい日本語 with its readings above the kanji."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.visitor import Visitor

HALL = Path(__file__).with_name("hall.yaml")  # nobody has written it in Chinese or Korean
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]+")
KANA = re.compile(r"[ぁ-んァ-ヶ]+")  # kanji are Chinese, too
_WORDS = """form => {
  form.querySelectorAll("select").forEach((names) => names.remove()); // prefectures are chosen by their names
  return form.innerText;
}"""


def test_a_page_of_questions_stays_in_every_language(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    dog.begin(resident)
    resident.answer({"phone": "090-1234-5678"})
    _choose(resident, "メニュー", "English")
    resident.look("Owner")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#phone")).to_have_value("090-1234-5678")

    _choose(resident, "Menu", "やさしい日本語")
    expect(page.locator("h1 ruby").first).to_have_text("犬(いぬ)")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    resident.look()
    expect(page.locator("#phone")).to_have_value("090-1234-5678")
    assert re.search(r"/owner\b", page.url)


def test_english_speaks_of_yen_and_leaves_no_question_in_japanese(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    resident.goto("/procedures/dog-registration")
    resident.follow("English")
    resident.look("Registration of a dog")
    resident.sees("3,000 yen")
    expect(resident.page.locator("main")).not_to_contain_text("円")
    resident.press("Start")
    resident.look("Owner")
    assert JAPANESE.findall(resident.page.locator("main form").evaluate(_WORDS)) == []


def test_a_procedure_in_chinese_or_korean_has_its_days_and_money_and_no_question_in_japanese(
    visit: Callable[..., Visitor], publish: Callable[[Path], None]
) -> None:
    publish(HALL)
    resident = visit()
    page = resident.page
    for language, tag, title, fee in (
        ("zh", "zh-Hans", "犬只登记", "3,000日元"),
        ("ko", "ko", "반려견 등록", "3,000엔"),
    ):
        resident.goto(f"/procedures/dog-registration?lang={language}")
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("html")).to_have_attribute("lang", tag)
        resident.sees(fee)
        page.locator("main form button").first.click()
        page.wait_for_url("**/owner")
        assert KANA.findall(page.locator("main form").evaluate(_WORDS)) == []
        resident.goto("/procedures/hall-use")
        expect(page.locator("h1 [lang=ja]")).to_have_text("集会室の利用")
    resident.look()


def _choose(resident: Visitor, menu: str, language: str) -> None:
    """Open the menu in the header and choose a language there."""
    resident.page.locator("summary", has_text=menu).click()
    resident.page.get_by_role("link", name=language).filter(visible=True).click()
