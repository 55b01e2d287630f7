"""From a window of the first page through questions to a plan, its link and the applications of it that are sent together: without script,
at the sizes of a phone and of a desk.
"""

import re
from collections.abc import Callable, Collection
from datetime import timedelta

from playwright.sync_api import expect

from common.open_days import add_open_days
from portal.core.clock import today
from tests.browser.applications import Pages
from tests.browser.mailbox import Mailbox
from tests.browser.people import prove_address
from tests.browser.test_households import address, numbers, person
from tests.browser.visitor import Visitor

ANSWERS = {"move_kind": "in", "has_my_number_card": "yes", "is_public_servant": "no"}
TICKED = {"household_has_children", "has_school_children", "has_dog", "has_bulky_waste"}
MAX_PAGES = 20


def answer_page(resident: Visitor, ticked: Collection[str] = TICKED) -> None:
    """Answer the question that is asked, and go on."""
    page = resident.page
    names = page.locator('main input[name="fact"]').evaluate_all("inputs => inputs.map((input) => input.value)")
    if len(names) > 1:
        for name in set(names).intersection(ticked):
            page.locator(f'main [name="ticked"][value="{name}"]').check()
    elif names == ["new_home"]:
        resident.answer({"words": "曙町"})
        with page.expect_navigation():
            resident.press("この住所で次へ")
        if page.locator('main [name="new_home"][type="radio"]').count():
            resident.look("新しい住所はどこですか。")
            page.locator('main [name="new_home"][type="radio"]').first.check()
            with page.expect_navigation():
                resident.press("この住所で次へ")
        resident.look("新しい住所はどこですか。")
        resident.sees("立川市立第二小学校")
        with page.expect_navigation():
            resident.press("この住所で次へ")
        return
    elif names == ["moved_on"]:
        page.locator("#moved_on").fill((today() - timedelta(days=2)).isoformat())
    else:
        resident.answer({names[0]: ANSWERS.get(names[0], "yes" if names[0] in ticked else "no")})
    with page.expect_navigation():
        resident.press("次へ")


def _pages() -> Pages:
    """What a mother answers who moves in with a child at school, page by page; on one of them everything was said for the plan."""
    child = person("household_members.1.mover_{}", "葵", "アオイ", f"{today().year - 9}-05-03")
    return {
        "who": person("person_{}", "美咲", "ミサキ", "1988-07-15") | {"person_phone": "090-1234-5678"},
        "where": address("move_old_address", "192-0046", "八王子市", "明神町", "3丁目1番1号")
        | address("move_new_address", "190-0012", "立川市", "曙町", "2丁目17番3号"),
        "household": {"household_members.0.mover_relation": "self", "household_members.0.mover_card": "yes"}
        | {"household_members.1.mover_relation": "child", "household_members.1.mover_card": "no"}
        | child,
        "moving_in__move": {},
        "moving_in__visit": {"visit_day": str(add_open_days(today(), 2)), "visit_time": "10:30"},
        "school_transfer__pupils_step": {
            "household_pupils.0.former_school": "八王子市立見本小学校",
            "household_pupils.0.support": "no",
        },
        "school_transfer__school": {
            "school_transfer__first_day": str(add_open_days(today(), 3)),
            "school_transfer__other_school": "no",
        },
    }


def _send_together(resident: Visitor, mailbox: Mailbox) -> None:
    """Fill in the one form, send it, and look how each application stands."""
    for step, answers in _pages().items():
        resident.page.wait_for_url(f"**/{step}")
        if step == "household":
            resident.page.locator('[name="add-row"]').click()
        resident.answer(answers)
        resident.page.get_by_role("button", name=re.compile("保存して(次|確認)へ")).click()
    resident.page.wait_for_url("**/review")
    prove_address(resident, mailbox, "no-script@example.jp")
    resident.look("申請内容の確認")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.page.get_by_role("button", name=re.compile("を送る$")).click()
    resident.page.wait_for_url("**/done")
    resident.look("件の手続きが届きました。")
    sent = numbers(resident, "立")
    assert len(sent) == 2
    resident.follow("すべての状況を見る")
    resident.look("まとめて送った手続き")
    assert numbers(resident, "立") == sent


def test_a_family_that_moves_in_is_led_to_its_plan_shows_it_to_a_helper_and_applies(
    visit: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    resident = visit(java_script_enabled=False)
    resident.goto("/life/moving")
    resident.look("「引越し」の手続き")
    resident.press("質問に答えて、必要な手続きを調べる")
    resident.look("どの引越しですか。")
    resident.press("次へ")
    resident.sees("1か所を直してください")
    resident.look("どの引越しですか。")
    for _ in range(MAX_PAGES):
        if not resident.page.url.endswith("/plan/question"):
            break
        resident.look()
        answer_page(resident)
    resident.look("手続きの計画")
    for title in ("転入届", "小学校・中学校の転校", "犬の登録", "水道の使用開始・中止"):
        expect(resident.page.get_by_role("link", name=title).first).to_be_visible()
    resident.sees("犬を飼っている")
    resident.sees("指定された小学校")
    resident.press("計画のリンクを作る")
    resident.look("手続きの計画")
    address = resident.page.get_by_label("計画のリンク", exact=True).input_value()
    helper = visit(java_script_enabled=False)
    helper.goto(address)
    helper.look("手続きの計画")
    helper.sees("リンクで開いた計画です")
    resident.goto("/plan")
    for box in resident.page.locator("main input[name=procedure]").all():
        box.set_checked(box.get_attribute("value") in {"school-transfer", "moving-in"})
    resident.press("選んだ手続きをまとめて申請する")
    resident.look()
    resident.goto("/plan")
    resident.follow("続きから書く")
    resident.look("まとめて申請する手続き")
    resident.follow("続きから書く")
    _send_together(resident, mailbox)
    resident.goto("/plan")
    resident.press("作ったリンクを止める")
    helper.goto(address)
    helper.sees("計画を作った方に確かめてください")
