"""A report of a damaged road, the application that needs no sign-in."""

from portal.core.clock import today
from tests.browser.applications import number
from tests.browser.visitor import Visitor

PLACES = {"tachikawa": ("35.6985", "139.4137"), "mitaka": ("35.7005", "139.5603")}
"""Latitude and longitude of a street in each city."""


def begin(window: Visitor) -> None:
    """Say what is broken; on to the page with the map."""
    window.goto("/procedures/road-damage")
    window.press("入力をはじめる")
    window.page.wait_for_url("**/what")
    window.answer({"defect": "hole", "danger": "no", "details": "深さ10 cmくらいの穴が2つあります"})
    window.press("保存して次へ")
    window.page.wait_for_url("**/where")


def type_place(window: Visitor, city: str) -> None:
    """Give the place by latitude and longitude, without the map."""
    window.page.get_by_text("座標で入力する", exact=True).click()
    latitude, longitude = PLACES[city]
    window.answer({"spot.lat": latitude, "spot.lon": longitude})


def answer_the_rest(window: Visitor, email: str | None = None) -> None:
    """From the page with the map, whose place is given, to the review."""
    window.answer({"found_on": today().isoformat()})
    window.press("保存して次へ")
    window.page.wait_for_url("**/contact")
    window.answer({"wants_answer": "yes", "email": email} if email else {"wants_answer": "no"})
    window.press("保存して確認へ")
    window.page.wait_for_url("**/review")


def finish(window: Visitor, email: str | None = None) -> str:
    """From the page with the map, whose place is given, to the receipt; the number on it. `email`: where the answer goes."""
    answer_the_rest(window, email)
    window.look("連絡内容の確認")
    window.page.get_by_label("内容に間違いはありません。").check()
    window.press("連絡を送る")
    window.look("連絡が届きました。")
    return number(window)
