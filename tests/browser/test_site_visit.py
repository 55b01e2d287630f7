"""Site visits on a phone: taken along, written without a connection with a photo, and sent once there is one; too late, they become a note."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import applications
from tests.browser.audit import PHONE
from tests.browser.damage import PLACES
from tests.browser.desk import Desk
from tests.browser.papers import photo
from tests.browser.visitor import Visitor

SITE = Path(__file__).with_name("site.yaml")
LATITUDE, LONGITUDE = PLACES["tachikawa"]

_NOTHING_KEPT = """async () => {
  const request = indexedDB.open("site-visits");
  const database = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const count = database.transaction("visits").objectStore("visits").count();
  return new Promise((resolve) => { count.onsuccess = () => resolve(count.result === 0); });
}"""


@pytest.fixture(scope="module")
def reports(publish: Callable[[Path], None]) -> None:
    """The procedure is published."""
    publish(SITE)


def _report(resident: Visitor, details: str) -> str:
    resident.goto("/procedures/site")
    resident.press("入力をはじめる")
    resident.page.get_by_text("座標で入力する", exact=True).click()
    resident.answer({"spot.lat": LATITUDE, "spot.lon": LONGITUDE, "details": details})
    resident.press("保存して確認へ")
    resident.page.get_by_label("内容に間違いはありません。").check()
    resident.press("連絡を送る")
    resident.look("届きました")
    return applications.number(resident)


def _to_the_site(desk: Desk, number: str) -> None:
    desk.open(number)
    desk.do("受け付ける")
    desk.do("現地確認へ進める")
    desk.stands_at("現地確認")


def _take_along(phone: Visitor, numbers: tuple[str, ...]) -> None:
    """Choose them in the list, and open what the phone keeps."""
    phone.goto("/desk/visits")
    phone.look("現地確認")
    phone.press("近い順にならべる")
    expect(phone.page.locator("[data-visit-distance]").first).to_contain_text("ここから約10 m")
    for number in numbers:
        phone.page.get_by_label(f"持ち出す({number})").check()
    phone.press("選んだ案件を持ち出す")
    phone.sees(f"{len(numbers)}件を、この電話に持ち出しました。")
    phone.goto("/desk/visits/kept")
    phone.sees("送るものはありません。")
    phone.look("持ち出した現地確認")
    _wait_until(phone.page, "caches.match('/desk/visits/kept').then(Boolean)")


def _act(phone: Visitor, label: str, number: str) -> None:
    """Press a button of one of the visits that the phone keeps."""
    phone.page.get_by_role("listitem").filter(has_text=number).get_by_role("button", name=label).click()


def _write(phone: Visitor, first: str, second: str, folder: Path) -> None:
    """Without a connection: one with a photo, left and opened again, and another."""
    phone.page.reload()
    phone.sees("つながっていません。")
    phone.look("持ち出した現地確認")
    _act(phone, "開く", first)
    phone.sees("側溝のふた")
    phone.page.get_by_label("写真に位置の記録がないとき").check()
    phone.answer({"safe": "no", "remark": "ふたが割れている", "photos.upload": photo(folder, "ふた.jpg")})
    phone.sees("位置は電話の位置")
    phone.look()
    phone.page.reload()
    _act(phone, "開く", first)
    expect(phone.page.get_by_label("気づいたこと")).to_have_value("ふたが割れている")
    phone.press("書き終えて送る")
    phone.sees("送るのを待っています")
    _act(phone, "開く", second)
    phone.answer({"safe": "yes", "remark": "段差は2 cm"})
    phone.press("書き終えて送る")
    phone.look()


def _finish_at_the_desk(desk: Desk, number: str) -> None:
    """A colleague was faster."""
    desk.open(number)
    desk.drawer.get_by_role("link", name="現地確認を終える").click()
    desk.window.look("現地確認")
    desk.window.answer({"safe": "yes"})
    desk.page.get_by_role("button", name="現地確認を終える").last.click()
    desk.stands_at("現地確認済み")


def _wait_until(page: Page, promise: str) -> None:
    """Ask again until what a script promises is true: `wait_for_function` takes the promise itself for that."""
    for _attempt in range(300):
        if page.evaluate(promise):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {promise}")


@pytest.mark.usefixtures("reports")
def test_a_visit_is_written_without_a_connection_and_arrives_once_there_is_one(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor], tmp_path: Path
) -> None:
    resident, desk = visit(), Desk(at_desk("takahashi"))
    first, second = _report(resident, "側溝のふた"), _report(resident, "段差")
    for number in (first, second):
        _to_the_site(desk, number)
    here = {"latitude": float(LATITUDE), "longitude": float(LONGITUDE)}
    phone = at_desk("takahashi", viewport=PHONE, has_touch=True, permissions=["geolocation"], geolocation=here)
    _take_along(phone, (first, second))
    with phone.while_cut_off():
        phone.context.set_offline(True)
        _write(phone, first, second, tmp_path)
        _finish_at_the_desk(desk, second)
        phone.context.set_offline(False)
        phone.sees("届きました")
    phone.sees("先に書いて終えました。")
    phone.look("持ち出した現地確認")
    _act(phone, "メモとして案件に残す", second)
    expect(phone.page.get_by_text("届きました", exact=True)).to_have_count(2)

    desk.open(first)
    expect(desk.drawer).to_contain_text("ふたが割れている")
    desk.tab("書類")
    expect(desk.drawer).to_contain_text(f"位置 北緯{LATITUDE}° 東経{LONGITUDE}°(電話の位置)")
    desk.open(second)
    desk.tab("やりとり")
    expect(desk.drawer).to_contain_text("段差は2 cm")

    desk.open(first)  # a press on the photo on the map opens it
    desk.drawer.get_by_role("link", name="写真を撮った場所を、大きい地図で見る").click()
    desk.page.locator("#map").get_by_role("link", name="ふた.jpg").click()
    expect(desk.drawer.locator("[data-viewer]")).to_be_visible()
    expect(desk.drawer.locator("[data-viewer]").get_by_role("img")).to_be_visible()


@pytest.mark.usefixtures("reports")
def test_signing_out_forgets_what_the_phone_kept(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    number = _report(visit(), "縁石")
    _to_the_site(Desk(at_desk("takahashi")), number)
    phone = at_desk(
        "takahashi",
        viewport=PHONE,
        permissions=["geolocation"],
        geolocation={"latitude": 35.6985, "longitude": 139.4137},
    )
    _take_along(phone, (number,))
    phone.goto("/desk/visits")
    # other journeys go on as the same member of staff
    phone.page.route("**/desk/sign-out", lambda route: route.fulfill(status=204))
    phone.page.locator("form[data-sign-out]").evaluate("form => form.requestSubmit()")
    _wait_until(phone.page, _NOTHING_KEPT)
    assert phone.page.evaluate(_NOTHING_KEPT)
