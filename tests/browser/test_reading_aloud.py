"""An application as a screen reader tells it: names, roles, states and their order, and what is said without a key being pressed."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import dog
from tests.browser.applications import KANA
from tests.browser.mailbox import Mailbox
from tests.browser.people import OWNER, pay_by_card
from tests.browser.visitor import Visitor


def test_an_application_is_read_from_home_to_receipt(visit: Callable[..., Visitor], mailbox: Mailbox) -> None:
    resident = visit()
    page, main = resident.page, resident.page.get_by_role("main")
    resident.goto("/")
    expect(main).to_match_aria_snapshot("""
      - main:
        - heading /今日は/ [level=1]
        - search:
          - combobox "手続きや困りごとを入力"
          - button "さがす"
    """)
    page.get_by_role("combobox").press_sequentially("犬の登録")
    expect(page.locator("[data-suggestions-said]")).to_have_text(re.compile(r"候補が\d件あります"))
    expect(page.get_by_role("listbox", name="「手続きや困りごとを入力」の候補")).to_match_aria_snapshot("""
      - listbox "「手続きや困りごとを入力」の候補":
        - option "犬の登録"
    """)
    page.get_by_role("option", name="犬の登録", exact=True).click()
    expect(main.get_by_role("heading", level=1)).to_have_text("犬の登録")
    resident.press("入力をはじめる")
    expect(page.get_by_role("navigation", name="手続きの進み具合")).to_match_aria_snapshot("""
      - list:
        - listitem: 飼い主
        - listitem: 犬
    """)
    expect(page.get_by_role("navigation", name="手続きの進み具合").locator("[aria-current=step]")).to_contain_text(
        "飼い主"
    )
    resident.press("保存して次へ")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_role("alert")).to_match_aria_snapshot("""
      - alert:
        - heading /4か所を直してください/
        - list:
          - listitem:
            - link "氏名：入力してください。"
    """)
    expect(page.get_by_role("group", name=re.compile("^氏名"))).to_match_aria_snapshot("""
      - group /氏名/:
        - textbox "姓"
        - textbox "名"
    """)
    phone = page.locator("#phone")
    expect(phone).to_have_accessible_description(re.compile("入力してください。"))
    expect(phone).to_have_attribute("aria-invalid", "true")
    resident.answer(OWNER | KANA)
    expect(page.locator("[data-save-state]")).to_contain_text("自動で保存しました")
    assert page.locator("[data-save-state]").evaluate("state => Boolean(state.closest('[role=status], [aria-live]'))")
    resident.press("保存して次へ")
    page.wait_for_url("**/dog")
    expect(page.get_by_role("group", name=re.compile("^犬の性別"))).to_match_aria_snapshot("""
      - group /犬の性別/:
        - radio "オス"
        - radio "メス"
    """)
    dog.dog(resident)
    resident.answer({"vaccinated": "no"})
    dog.to_review(resident)
    expect(main).to_match_aria_snapshot("""
      - main:
        - heading /確認/ [level=1]
        - heading "飼い主" [level=2]
        - definition:
          - link "変更 (氏名)"
        - heading "犬のこと" [level=2]
    """)
    dog.agree(resident, mailbox, "aloud@example.jp")
    expect(page.get_by_role("checkbox", name=re.compile("内容に間違いはありません。"))).to_be_checked()
    resident.press("3,000円を支払って申請を送る")
    pay_by_card(resident)
    page.wait_for_url("**/done/**")
    expect(main.get_by_role("heading", level=1)).to_have_text(re.compile("届きました"))
    expect(page.get_by_role("img", name=re.compile("."))).not_to_have_count(0)
    resident.goto("/me")
    expect(main.get_by_role("link", name=re.compile("犬の登録"))).not_to_have_count(0)


def test_what_is_drawn_is_told_in_words(visit: Callable[..., Visitor]) -> None:
    resident = visit()
    page = resident.page
    resident.goto("/procedures/road-occupancy")
    resident.press("入力をはじめる")
    expect(page.get_by_role("toolbar", name="描画の道具")).to_match_aria_snapshot("""
      - toolbar "描画の道具":
        - button "囲む" [pressed]
        - button "帯"
        - button "動かす"
        - button "1つ戻す"
        - button "全部消す"
    """)
    expect(page.locator("[data-map-hint] [role=status]")).to_have_count(1)
    assert page.locator("#live-panel").get_attribute("aria-live") == "polite"
