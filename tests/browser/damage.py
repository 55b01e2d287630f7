"""A report of a damaged road, the application that needs no sign-in."""

from portal.core.clock import today
from tests.browser.visitor import Visitor


def begin(window: Visitor) -> None:
    """Say what is broken; on to the page with the map."""
    window.goto("/procedures/road-damage")
    window.press("申請をはじめる")
    window.page.wait_for_url("**/what")
    window.answer({"defect": "hole", "danger": "no", "details": "深さ10 cmくらいの穴が2つあります"})
    window.press("保存して次へ")
    window.page.wait_for_url("**/where")


def finish(window: Visitor) -> str:
    """From the page with the map, whose place is given, to the receipt; the number on it."""
    window.answer({"found_on": today().isoformat()})
    window.press("保存して次へ")
    window.page.wait_for_url("**/contact")
    window.answer({"wants_answer": "no"})
    window.press("保存して確認へ")
    window.look("確認して、申請してください。")
    window.page.get_by_label("書いた内容は正しいです。").check()
    window.press("申請する")
    window.look("申請を受け付けました。")
    return window.page.locator(".ticket__number").inner_text().strip()
