"""From a window of the first page through questions to a plan and its link, without script, at the sizes of a phone and of a desk."""

from collections.abc import Callable, Collection
from datetime import timedelta

from playwright.sync_api import expect

from portal.core.clock import today
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


def test_a_family_that_moves_in_is_led_to_its_plan_and_shows_it_to_a_helper(visit: Callable[..., Visitor]) -> None:
    resident = visit(java_script_enabled=False)
    resident.goto("/life/moving")
    resident.look("「引越し」の手続き")
    resident.press("質問に答えて、必要な手続きを調べる")
    resident.look("どの引越しですか。")
    resident.press("次へ")
    resident.sees("1つの項目を直してください")
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
    resident.sees("通う学校")
    resident.press("計画のリンクを作る")
    resident.look("手続きの計画")
    address = resident.page.get_by_label("計画のリンク", exact=True).input_value()
    helper = visit(java_script_enabled=False)
    helper.goto(address)
    helper.look("手続きの計画")
    helper.sees("リンクで開いた計画です")
    resident.goto("/plan")
    for box in resident.page.locator("main input[name=procedure]").all():
        box.set_checked(box.get_attribute("value") in {"dog-registration", "moving-in"})
    resident.press("選んだ手続きをまとめて申請する")
    resident.look()
    resident.goto("/plan")
    resident.follow("続きから書く")
    resident.look("まとめて申請する手続き")
    resident.goto("/plan")
    resident.press("作ったリンクを止める")
    helper.goto(address)
    helper.sees("計画を作った方に確かめてください")
