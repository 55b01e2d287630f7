"""Everything that a resident needs, in a browser that runs no script."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from portal.core.clock import today
from tests.browser import damage, dog
from tests.browser.applications import KANA
from tests.browser.mailbox import Mailbox
from tests.browser.people import OWNER, pay_by_card
from tests.browser.visitor import Visitor


def test_a_dog_is_registered_and_paid_for(visit: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path) -> None:
    resident = visit(java_script_enabled=False)
    page = resident.page
    dog.begin(resident)
    resident.answer(OWNER | KANA | {"phone": "電話はありません"})
    resident.press("保存して次へ")
    resident.sees("1か所を直してください")
    expect(page).to_have_title("エラー：飼い主 — 犬の登録 — 立川市 窓口")
    expect(page.locator("#phone")).to_have_value("電話はありません")
    expect(page.locator('[name="name.family"]')).to_have_value("佐藤")
    resident.look("飼い主")
    dog.owner(resident)
    dog.dog(resident)
    dog.vaccinated(resident, tmp_path)
    dog.to_review(resident)
    dog.agree(resident, mailbox, "noscript@example.jp")
    resident.look("申請内容の確認とお支払い")
    resident.press("3,550円を支払って申請を送る")
    pay_by_card(resident)
    page.wait_for_url("**/done/**")
    resident.look("申請が届きました。")
    resident.sees("3,550円の支払いが終わりました。")


def test_a_place_is_found_by_its_name_and_the_report_followed(visit: Callable[..., Visitor]) -> None:
    resident = visit(java_script_enabled=False)
    damage.begin(resident)
    resident.answer({"find-spot": "190-0012"})
    resident.press("さがす")
    resident.sees("場所を選んでください。")
    resident.look("こわれている場所を、地図で押してください。")
    resident.page.get_by_text("座標で入力する", exact=True).click()
    resident.answer({"spot.lat": "35.6985", "spot.lon": "138.0"})
    resident.press("保存して次へ")
    resident.sees("見つけた日：入力してください。")
    resident.sees("こわれている場所：市内の場所を示してください。")
    expect(resident.page.get_by_label("経度")).to_have_value("138.0")
    resident.look("こわれている場所を、地図で押してください。")
    resident.answer({"found_on": today().isoformat(), "spot.lat": "", "spot.lon": ""})
    resident.page.get_by_label("曙町二丁目").check()
    number = damage.finish(resident)
    assert number.startswith("立")
    code = resident.page.locator("dd.ticket__number").last.inner_text()
    follower = visit(java_script_enabled=False)
    follower.goto("/")
    follower.follow("手続きの状況")
    follower.answer({"number": number, "proof": "0000-0000"})
    follower.press("状況を見る")
    follower.sees("受付番号か、メールアドレス(確認番号)がちがいます。")
    follower.look("手続きの状況を調べる")
    follower.answer({"number": number, "proof": code})
    follower.press("状況を見る")
    follower.look("道路の損傷")
    follower.sees("送った内容は、この画面には出ません")


def test_the_way_back_leads_over_a_refused_page_and_sends_nothing_again(visit: Callable[..., Visitor]) -> None:
    resident = visit(java_script_enabled=False)
    page = resident.page
    resident.goto("/procedures/dog-registration")
    resident.press("入力をはじめる")
    resident.answer({"name.family": "佐藤", "name.given": "美咲"})
    resident.press("保存して次へ")
    resident.look("飼い主")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator('[name="name.family"]')).to_have_value("佐藤")
    refused = page.url
    resident.goto("/procedures")
    page.go_back()
    assert page.url == refused
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator('[name="name.given"]')).to_have_value("美咲")
    resident.answer({"name.family": "斎藤"})
    resident.press("保存して次へ")
    expect(page.locator('[name="name.family"]')).to_have_value("斎藤")


def test_rows_are_added_and_taken_away(visit: Callable[..., Visitor]) -> None:
    resident = visit(java_script_enabled=False)
    resident.goto("/procedures/bulky-waste")
    resident.press("入力をはじめる")
    resident.answer({"items.0.item_kind": "large_sofa", "items.0.item_count": "1"})
    resident.page.locator('[name="add-row"]').click()
    resident.answer({"items.1.item_kind": "chair", "items.1.item_count": "2"})
    resident.look("出すもの")
    resident.page.locator('[name="add-row"]').click()
    resident.page.locator('[name="remove-row"]').last.click()
    expect(resident.page.locator("[data-group-row]")).to_have_count(2)
    expect(resident.page.locator('[name="items.0.item_kind"]')).to_have_value("large_sofa")
    expect(resident.page.locator('[name="items.1.item_count"]')).to_have_value("2")
    resident.press("保存して次へ")
    expect(resident.page.locator("h1")).to_contain_text("ごみを出す場所を、")
    resident.sees("2,800円")
