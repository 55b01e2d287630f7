"""A family that moves in, on a phone: from the first page through questions to a plan, seven applications as one, two of which wait for
another, one payment, one page to follow them, and each on the desk of its own office.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from common.open_days import add_open_days
from portal.core.clock import today
from tests.browser.applications import HOME, Pages, bank_account, collection_day
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import drawing, photo
from tests.browser.people import pay_by_card, prove_address
from tests.browser.test_planning import MAX_PAGES, answer_page
from tests.browser.visitor import Visitor

ADDRESS = "move@example.jp"
AT_ONCE = {
    "転入届": "citizens",
    "マイナンバーカード": "citizens",
    "犬の登録": "environment",
    "保育利用の申込": "childcare",
    "粗大ごみ": "waste",
    "転校": "education",
}
"""What becomes a case when it is sent, with the department whose desk it comes to."""
WAITING = {"児童手当": "child-support", "子ども医療証": "child-support"}
"""What is opened once the notification of moving in is settled."""
NEEDS = {"household_has_children", "has_school_children", "wants_childcare", "has_dog", "has_bulky_waste"}
NUMBER = re.compile(r"立-\d{4}-\d{5}")
FAMILY = (
    ("健太", "ケンタ", "1986-02-01", "spouse"),
    ("葵", "アオイ", str(today().year - 9) + "-05-03", "child"),
    ("陽", "ハル", str(today().year - 2) + "-05-10", "child"),
)
"""Who moves besides the applicant: given name, reading, birthday, what they are of the head of the household."""


def _pages(folder: Path) -> Pages:
    """What the family answers, page by page. The children are named once, among those who move."""
    month = (today().replace(day=1) + timedelta(days=63)).replace(day=1)
    members = {"household_members.0.member_relation": "self", "household_members.0.member_has_my_number_card": "yes"}
    for number, (given, kana, birthday, relation) in enumerate(FAMILY, start=1):
        row = f"household_members.{number}"
        members |= {f"{row}.member_name.family": "佐藤", f"{row}.member_name.given": given}
        members |= {f"{row}.member_kana.family": "サトウ", f"{row}.member_kana.given": kana}
        members |= {f"{row}.member_birthday": birthday, f"{row}.member_relation": relation}
        members |= {f"{row}.member_has_my_number_card": "yes"}
    child = {"child_allowance__relation": "own", "child_allowance__lives_together": "yes"}
    return {
        "who": {"person_name.family": "佐藤", "person_name.given": "美咲"}
        | {"person_kana.family": "サトウ", "person_kana.given": "ミサキ"}
        | {"person_birthday": "1988-07-15", "person_phone": "090-1234-5678"},
        "where": _address("move_old_address", "192-0046", "八王子市", "明神町", "3丁目1番1号")
        | _address("move_new_address", "190-0012", "立川市", "曙町", "2丁目17番3号"),
        "household": members,
        "children": {
            f"household_children.{number}.{name}": text for number in range(2) for name, text in child.items()
        },
        "moving_in__visit": {"visit_day": str(add_open_days(today(), 2)), "visit_time": "10:30"},
        "my_number_card_address__cards": {
            "my_number_card_address__signing": "yes",
            "my_number_card_address__knows_pin": "yes",
        },
        "child_allowance__work": {
            "child_allowance__is_public_servant": "no",
            "child_allowance__pension": "employee",
            "child_allowance__has_spouse": "no",
        },
        "child_allowance__bank": bank_account("person_bank_account")
        | {
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
        "childcare_application__wishes": {
            "childcare_application__from_month": str(month),
            "childcare_application__first_wish": "見本保育園",
            "childcare_application__hours": "standard",
        },
        "childcare_application__need": {
            "childcare_application__own_reason": "work",
            "childcare_application__has_partner": "no",
            "childcare_application__proofs.upload": [drawing(folder)],
        },
        "bulky_waste__items_step": {
            "bulky_waste__items.0.item_kind": "large_sofa",
            "bulky_waste__items.0.item_count": "1",
        },
        "bulky_waste__place": {"bulky_waste__housing": "house"},
        "bulky_waste__date": {"bulky_waste__collect_on": str(collection_day())},
        "bulky_waste__relief": {"bulky_waste__exempt": "none"},
        "school_transfer__pupils_step": {
            "household_pupils.0.former_school": "八王子市立見本小学校",
            "household_pupils.0.support": "no",
        },
        "school_transfer__school": {
            "school_transfer__first_day": str(add_open_days(today(), 3)),
            "school_transfer__other_school": "no",
        },
    }


def _address(name: str, postal_code: str, city: str, town: str, block: str) -> dict[str, str]:
    parts = {"postal_code": postal_code, "prefecture": "東京都", "city": city, "town": town, "block": block}
    return {f"{name}.{part}": text for part, text in parts.items()}


def _fill_in(resident: Visitor, pages: Pages) -> None:
    """Page after page, to the review."""
    page = resident.page
    while (step := page.url.rpartition("/")[2]) != "review":
        if step == "bulky_waste__place":
            DrawingMap(page).look_at(*HOME, 17)
            DrawingMap(page).tap(HOME)
            expect(page.locator(".vertex--point")).to_have_count(1)
        for number in range(1, len(FAMILY) + 1) if step == "household" else ():
            page.locator('[name="add-row"]').click()
            expect(page.locator(f'[name="household_members.{number}.member_name.family"]')).to_be_visible()
        resident.answer(pages.get(step, {}))
        resident.look()
        page.get_by_role("button", name=re.compile("保存して(次|確認)へ")).click()
        page.wait_for_url(lambda url, step=step: url.rpartition("/")[2] != step)


def test_a_family_applies_for_eight_things_at_once(
    visit: Callable[..., Visitor], desk_of: Callable[[str], Desk], mailbox: Mailbox, tmp_path: Path
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
    expect(chosen).to_have_count(len(AT_ONCE) + len(WAITING))
    resident.press("選んだ手続きをまとめて申請する")
    resident.page.wait_for_url("**/who")
    expect(resident.page.locator("h1").first).to_be_visible()
    _fill_in(resident, _pages(tmp_path))
    prove_address(resident, mailbox, ADDRESS)
    resident.look("申請内容の確認とお支払い")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.page.get_by_role("button", name=re.compile("円を支払って.*を送る")).click()
    pay_by_card(resident)
    resident.page.wait_for_url("**/done")
    resident.look(f"{len(AT_ONCE) + len(WAITING)}件の手続きを送りました。")
    resident.sees(f"{len(AT_ONCE)}件が届きました。")
    for title in WAITING:
        resident.sees(title)
    resident.follow("すべての状況を見る")
    resident.look("まとめて送った手続き")
    assert _numbers(resident).keys() == AT_ONCE.keys()

    citizens = desk_of("citizens")
    citizens.open(_numbers(resident)["転入届"])
    expect(_sisters(citizens)).to_have_count(len(AT_ONCE) + len(WAITING) - 1)
    expect(_sisters(citizens).filter(has_text="児童手当")).to_contain_text("順番待ち")
    citizens.window.look()
    citizens.do("窓口で完了にする")
    citizens.confirm()
    citizens.carry_out_now()
    for title in WAITING:
        assert "転入届の事前入力が済んだので" in mailbox.read(ADDRESS, title)
    resident.page.reload()
    resident.look("まとめて送った手続き")
    numbers = _numbers(resident)
    assert numbers.keys() == AT_ONCE.keys() | WAITING.keys()
    for title, department in (AT_ONCE | WAITING).items():
        if department == "citizens" or title == "子ども医療証":  # looked at above; beside another on the same desk
            continue
        desk = desk_of(department)
        desk.search(numbers["転入届"])
        expect(desk.rows).to_have_count(0)
        desk.open(numbers[title])
        expect(_sisters(desk)).to_have_count(len(numbers) - 1)
        expect(_sisters(desk).filter(has_text="転入届")).to_contain_text("完了")
        expect(_sisters(desk).filter(has_text="転入届").get_by_role("link")).to_have_count(0)


def _numbers(resident: Visitor) -> dict[str, str]:
    """The cases on the page of the bundle: their numbers by what they are."""
    numbers = {}
    for card in resident.page.locator("main section.application", has_text=NUMBER).all():
        heading = card.get_by_role("heading").first.inner_text()
        title = next(title for title in AT_ONCE | WAITING if title in heading)
        numbers[title] = NUMBER.findall(card.inner_text())[0]
    return numbers


def _sisters(desk: Desk) -> Locator:
    """What was sent together with the chosen case, as its desk is told."""
    return desk.drawer.locator("span", has_text="一緒に送られた案件")
