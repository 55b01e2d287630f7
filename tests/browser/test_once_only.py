"""Asked once: what a resident keeps of one application is in the next; and what one city was told is, with consent, in the form of another."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from common.open_days import add_open_days
from portal.core.clock import today
from tests.browser import dog
from tests.browser.applications import number, send
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.people import enter_mailed_code
from tests.browser.test_households import answer_all
from tests.browser.visitor import Visitor


def test_what_is_kept_of_one_application_is_in_the_next(
    visit: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident = visit(viewport=PHONE)
    page = resident.page
    resident.goto("/sign-in?next=/me")
    enter_mailed_code(resident, mailbox, "misaki.once@example.jp")
    page.wait_for_url("**/me")
    move_in(resident)
    resident.look("予約が届きました。")
    page.get_by_label("氏名").check()
    page.get_by_label("日中に連絡がとれる電話番号").check()
    resident.press("選んだ項目を残すことに同意する")
    page.wait_for_url("**/me/profile")
    resident.look("次の手続きのために残した内容")
    resident.sees("佐藤 美咲")

    dog.begin(resident)
    resident.look("飼い主")
    resident.sees(re.compile(r"前回の手続きから\(.+\)。変わったときは、書き直してください。"))
    assert page.locator('[name="name.family"]').input_value() == "佐藤"
    assert page.locator('[name="kana.family"]').input_value() == ""

    resident.goto("/me/profile/person.phone")
    resident.look("残した内容を直す")
    resident.answer({"answer": "042-123-4567"})
    resident.press("保存する")
    page.wait_for_url("**/me/profile")
    resident.sees("042-123-4567")
    resident.goto("/me/profile/person.name/remove")
    resident.look("消しますか")
    resident.press("消す")
    resident.look("次の手続きのために残した内容")
    resident.sees("同意を取り消して、消しました")


def test_who_leaves_for_another_city_goes_on_there(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], mailbox: Mailbox
) -> None:
    address = "leaver@example.jp"
    resident = visit(viewport=PHONE)
    page = resident.page
    resident.goto("/sign-in?next=/life/moving")
    enter_mailed_code(resident, mailbox, address)
    page.wait_for_url("**/life/moving")
    resident.press("質問に答えて、必要な手続きを調べる")
    page.wait_for_url("**/plan/question")
    answer_all(resident, {"move_kind": "out", "moved_on": str(today())}, {"has_my_number_card"})
    page.get_by_text("引っ越し先が三鷹市、日野市のときは").click()
    resident.sees("同意しなければ、何も渡しません。")
    resident.look("手続きの計画")
    move_out(resident)
    case = page.url.rpartition("/")[2]
    sent = number(resident)
    _complete(Desk(at_desk("tanaka")), sent)
    resident.goto(f"/me/cases/{case}")
    resident.look("転出届")
    resident.follow("日野市の手続きを続ける")
    resident.look("日野市に引き継ぐ")
    resident.press("日野市に渡すことに同意する")
    resident.sees("日野市に引き継いでいます")
    resident.look("日野市に引き継ぐ")

    newcomer = visit("hino", viewport=PHONE)
    page = newcomer.page
    newcomer.goto("/me/handovers")
    enter_mailed_code(newcomer, mailbox, address)
    page.wait_for_url("**/me/handovers")
    newcomer.look("ほかの市から引き継ぐ")
    newcomer.press("転入届の事前入力をはじめる")
    page.wait_for_url("**/applicant")
    newcomer.sees(re.compile("立川市の「転出届」から"))
    newcomer.press("保存して次へ")
    page.wait_for_url("**/move")
    assert page.locator('[name="new_address.town"]').input_value() == "神明"
    newcomer.press("保存して次へ")
    page.wait_for_url("**/people")
    assert page.locator('[name="movers.0.mover_name.given"]').input_value() == "美咲"
    newcomer.look()
    newcomer.answer({"movers.0.mover_relation": "self", "movers.0.mover_card": "yes"})
    newcomer.press("保存して次へ")
    visit_and_send(newcomer)
    newcomer.look("予約が届きました。")


def _complete(desk: Desk, number: str) -> None:
    desk.open(number)
    desk.do("受け付ける")
    desk.do("完了にする")
    desk.confirm()
    desk.carry_out_now()
    expect(desk.drawer).to_contain_text("完了")


def move_out(resident: Visitor) -> None:
    """Notify 立川市 of moving to 日野市, up to the receipt."""
    page = resident.page
    resident.goto("/procedures/moving-out")
    resident.press("入力をはじめる")
    page.wait_for_url("**/applicant")
    name = {"family": "佐藤", "given": "美咲"}
    resident.answer(
        {f"name.{part}": text for part, text in name.items()}
        | {"kana.family": "サトウ", "kana.given": "ミサキ", "birthday": "1999-07-15", "phone": "090-1234-5678"}
    )
    resident.press("保存して次へ")
    page.wait_for_url("**/move")
    resident.answer(
        {"moved_on": str(today())}
        | _address("old_address", "190-0012", "立川市", "曙町", "2丁目17番3号")
        | _address("new_address", "191-0016", "日野市", "神明", "1丁目12番1号")
    )
    resident.press("保存して次へ")
    page.wait_for_url("**/people")
    resident.answer({f"head.{part}": text for part, text in name.items()})
    resident.press("保存して次へ")
    page.wait_for_url("**/certificate")
    resident.answer({"has_my_number_card": "yes"})
    resident.press("保存して確認へ")
    page.wait_for_url("**/review")
    send(resident)


def move_in(resident: Visitor) -> None:
    """Notify 立川市 of having moved in, up to the receipt."""
    page = resident.page
    resident.goto("/procedures/moving-in")
    resident.press("入力をはじめる")
    page.wait_for_url("**/applicant")
    name = {"family": "佐藤", "given": "美咲"}
    resident.answer(
        {f"name.{part}": text for part, text in name.items()}
        | {"kana.family": "サトウ", "kana.given": "ミサキ", "phone": "090-1234-5678"}
    )
    resident.press("保存して次へ")
    page.wait_for_url("**/move")
    resident.answer(
        {"moved_on": str(today())}
        | _address("old_address", "192-0046", "八王子市", "明神町", "3丁目1番1号")
        | _address("new_address", "190-0012", "立川市", "曙町", "2丁目17番3号")
    )
    resident.press("保存して次へ")
    page.wait_for_url("**/people")
    resident.answer(
        {f"head.{part}": text for part, text in name.items()}
        | {f"movers.0.mover_name.{part}": text for part, text in name.items()}
        | {"movers.0.mover_kana.family": "サトウ", "movers.0.mover_kana.given": "ミサキ"}
        | {"movers.0.mover_birthday": "1988-07-15", "movers.0.mover_relation": "self", "movers.0.mover_card": "yes"}
    )
    resident.press("保存して次へ")
    visit_and_send(resident)


def visit_and_send(resident: Visitor) -> None:
    """The last page of moving in, and the button that sends."""
    resident.page.wait_for_url("**/visit")
    resident.answer({"visit_on": str(add_open_days(today(), 2)), "visit_at": "10:30"})
    resident.press("保存して確認へ")
    resident.page.wait_for_url("**/review")
    send(resident)


def _address(name: str, code: str, city: str, town: str, block: str) -> dict[str, str]:
    parts = {"postal_code": code, "prefecture": "東京都", "city": city, "town": town, "block": block}
    return {f"{name}.{part}": text for part, text in parts.items()}
