"""Two cities in one installation: nothing of the one is known in the other."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from tests.browser import damage
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

HERE, THERE = "tachikawa", "mitaka"
PLACE = {"spot.lat": "35.6985", "spot.lon": "139.4137"}


def test_a_session_and_a_case_of_one_city_mean_nothing_in_the_other(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    resident = visit(HERE)
    damage.begin(resident)
    resident.page.get_by_text("地図を使わずに入力する", exact=True).click()
    resident.answer(PLACE)
    number = damage.finish(resident)
    resident.follow("マイページで見る")
    resident.look("道路の損傷の連絡")
    path = resident.page.url.removeprefix(resident.origin)
    clerk = at_desk("takahashi", HERE)
    Desk(clerk).open(number)
    drawer = clerk.page.url.removeprefix(clerk.origin)

    stranger = visit(THERE)
    _carry_cookies(resident.context, stranger)
    for address in (path, path.replace("/me/cases/", "/done/"), f"{path}/correction"):
        assert _status(stranger, address) == 404
    stranger.look()
    stranger.goto("/me")
    stranger.sees("まだ申請はありません")
    stranger.look()

    intruder = visit(THERE)
    _carry_cookies(clerk.context, intruder)
    for address in ("/desk", drawer, "/desk/procedures/road-damage"):
        intruder.goto(address)
        assert intruder.page.url.startswith(f"{intruder.origin}/desk/sign-in")
    intruder.look("職員のサインイン")

    colleague = Desk(at_desk("takahashi", THERE))
    assert _status(colleague.window, drawer) == 404
    colleague.search(number)
    colleague.window.sees("当てはまる案件はありません。")
    colleague.window.look()


def _carry_cookies(from_context: BrowserContext, window: Visitor) -> None:
    """Give the other city's window the cookies that this one's browser would never send there."""
    for cookie in from_context.cookies():
        window.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": window.origin}])


def _status(window: Visitor, path: str) -> int:
    answer = window.goto(path)
    assert answer
    return answer.status
