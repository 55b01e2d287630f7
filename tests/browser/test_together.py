"""A family that moves in, on a phone: from the first page through questions to a plan, six applications as one, two of which wait for
another, one payment, one page to follow them, and each on the desk of its own office.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from common.open_days import add_open_days
from portal.core.clock import today
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import photo
from tests.browser.people import pay_by_card, prove_address
from tests.browser.test_planning import MAX_PAGES, answer_page
from tests.browser.visitor import Visitor

HOME = (139.4198, 35.7012)
THURSDAY = 3
"""When bulky waste is collected around there."""
TITLES = ("転入届", "犬の登録", "粗大ごみ", "住民票")
WAITING = ("児童手当", "子ども医療証")
"""What is opened once the notification of moving in is settled."""
NEEDS = {"household_has_children", "has_dog", "has_bulky_waste", "needs_resident_certificate"}


def _pages(folder: Path) -> dict[str, Mapping[str, str | Path]]:
    """What the family answers, page by page."""
    thursday = next(day for n in range(3, 10) if (day := today() + timedelta(days=n)).weekday() == THURSDAY)
    parents = {"family": "佐藤", "given": "美咲"}
    children = "household_children.0"
    mover = "household_members.0"
    return {
        "who": {f"person_name.{part}": text for part, text in parents.items()}
        | {"person_kana.family": "サトウ", "person_kana.given": "ミサキ"}
        | {"person_birthday": "1988-07-15", "person_phone": "090-1234-5678"},
        "where": _address("move_old_address", "192-0046", "八王子市", "明神町", "3丁目1番1号")
        | _address("move_new_address", "190-0012", "立川市", "曙町", "2丁目17番3号"),
        "household": {f"{mover}.mover_relation": "self", f"{mover}.mover_card": "yes"},
        "children": {f"{children}.child_name.family": "佐藤", f"{children}.child_name.given": "陽"}
        | {f"{children}.child_kana.family": "サトウ", f"{children}.child_kana.given": "ハル"}
        | {
            f"{children}.child_birthday": "2024-05-10",
            f"{children}.child_allowance__relation": "own",
            f"{children}.child_allowance__lives_together": "yes",
        },
        "moving_in__visit": {"visit_day": str(add_open_days(today(), 2)), "visit_time": "10:30"},
        "child_allowance__work": {
            "child_allowance__is_public_servant": "no",
            "child_allowance__pension": "employee",
            "child_allowance__has_spouse": "no",
        },
        "child_allowance__bank": {
            "person_bank_account.bank_name": "見本銀行",
            "person_bank_account.bank_code": "9999",
            "person_bank_account.branch_name": "立川支店",
            "person_bank_account.branch_code": "001",
            "person_bank_account.kind": "ordinary",
            "person_bank_account.number": "1234567",
            "person_bank_account.holder": "サトウ ミサキ",
            "papers_bank_book.upload": photo(folder, "通帳.jpg"),
        },
        "child_allowance__agreement": {"child_allowance__look_up_consent": "yes"},
        "child_medical__insurance": {"child_medical__insurance_kind": "national"},
        "dog_registration__dog": {
            "dog_registration__origin": "first",
            "dog_name": "こむぎ",
            "dog_registration__dog_sex": "female",
            "dog_registration__breed": "柴犬",
            "dog_registration__dog_birthday": str(today() - timedelta(days=180)),
        },
        "dog_registration__looks": {"dog_registration__colour": "茶"},
        "dog_registration__vaccination": {"dog_registration__vaccinated": "no"},
        "bulky_waste__items_step": {
            "bulky_waste__items.0.item_kind": "large_sofa",
            "bulky_waste__items.0.item_count": "1",
        },
        "bulky_waste__place": {"bulky_waste__housing": "house"},
        "bulky_waste__date": {"bulky_waste__collect_on": str(thursday)},
        "bulky_waste__relief": {"bulky_waste__exempt": "none"},
        "resident_certificate__kind": {
            "resident_certificate__scope": "whole",
            "resident_certificate__copies": "1",
            "resident_certificate__purpose": "work",
        },
    }


def _address(name: str, postal_code: str, city: str, town: str, block: str) -> dict[str, str]:
    parts = {"postal_code": postal_code, "prefecture": "東京都", "city": city, "town": town, "block": block}
    return {f"{name}.{part}": text for part, text in parts.items()}


def _fill_in(resident: Visitor, pages: Mapping[str, Mapping[str, str | Path]]) -> None:
    """Page after page, to the review."""
    page = resident.page
    while (step := page.url.rpartition("/")[2]) != "review":
        if step == "bulky_waste__place":
            DrawingMap(page).look_at(*HOME, 17)
            DrawingMap(page).tap(HOME)
            expect(page.locator(".vertex--point")).to_have_count(1)
        resident.answer(pages.get(step, {}))
        resident.look()
        page.get_by_role("button", name=re.compile("保存して(次|確認)へ")).click()
        page.wait_for_url(lambda url, step=step: url.rpartition("/")[2] != step)


def test_a_family_applies_for_six_things_at_once(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    resident.goto("/")
    resident.follow("引越し")
    resident.press("質問に答えて、必要な手続きを調べる")
    for _ in range(MAX_PAGES):
        if not resident.page.url.endswith("/plan/question"):
            break
        answer_page(resident, ticked=NEEDS)
    resident.look("手続きの計画")
    chosen = resident.page.locator("main input[name=procedure]:checked")
    expect(chosen).to_have_count(len(TITLES) + len(WAITING))
    resident.press("選んだ手続きをまとめて申請する")
    resident.page.wait_for_url("**/who")
    expect(resident.page.locator("h1").first).to_be_visible()
    _fill_in(resident, _pages(tmp_path))
    prove_address(resident, mailbox, "move@example.jp")
    resident.look("確認して、支払ってください。")
    resident.page.get_by_label("書いた内容は正しいです。").check()
    resident.page.get_by_role("button", name=re.compile("円を支払って.*申請する")).click()
    pay_by_card(resident)
    resident.page.wait_for_url("**/done")
    resident.look("申請を受け付けました。")
    resident.sees("4件の申請と")
    for title in WAITING:
        resident.sees(title)
    resident.follow("すべての状況を見る")
    resident.look("まとめて送った申請")
    for title in TITLES:
        expect(resident.page.locator("main h2", has_text=title).first).to_be_visible()
    number = re.findall(r"立-\d{4}-\d{5}", resident.page.locator("main").inner_text())[0]
    clerk = at_desk("tanaka")
    desk = Desk(clerk)
    desk.open(number)
    expect(desk.drawer.get_by_text("一緒に送られた案件")).to_have_count(len(TITLES) + len(WAITING) - 1)
    clerk.look()
