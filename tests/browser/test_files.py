"""The four photos of a 罹災証明 on a phone: chosen one after another, put in order, one taken out again, there after a reload, up to the
certificate; made smaller before they are sent, and sent again when the line was cut or the session had ended; without a script; and at a desk,
where no visit is needed.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Request, Route, expect

from portal.core.clock import today
from tests.browser.applications import HOME, KANA, Pages, begin, fill_in, number, see_outcome, send
from tests.browser.audit import PHONE
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.map_drawing import DrawingMap
from tests.browser.papers import photo
from tests.browser.people import OWNER, enter_mailed_code, prove_address
from tests.browser.visitor import Visitor

SIDES = ("東", "西", "南", "北")


def view_of(side: str, folder: Path) -> Path:
    """A picture of one side of the house, unlike the others."""
    path = photo(folder, f"{side}.jpg")
    with Image.open(path) as plain:
        plain.rotate(90 * SIDES.index(side), expand=True).save(path, "JPEG")
    return path


FLOOD = {"cause": "flood", "flooded": "yes", "flood_depth": "45"}
BUILDING = {
    "building_address.postal_code": "190-0012",
    "building_address.prefecture": "東京都",
    "building_address.city": "立川市",
    "building_address.town": "曙町",
    "building_address.block": "2丁目17番3号",
    "use": "home",
    "tenure": "owner",
}
APPLICANT = OWNER | KANA | {"copies": "2"}


def damaged_on() -> dict[str, str]:
    """Ten days ago."""
    return {"damaged_on": (today() - timedelta(days=10)).isoformat()}


def to_photos(resident: Visitor) -> None:
    """Begin, and go on to the page that asks for the photos; the pages before it can be filled in later."""
    resident.goto("/procedures/disaster-certificate")
    resident.press("入力をはじめる")
    page = resident.page
    resident.goto(page.url.rpartition("/")[0] + "/extent")
    resident.look("被害のようす")


def names(resident: Visitor) -> Locator:
    return resident.page.locator("[data-file-list] a")


def status_line(resident: Visitor) -> Locator:
    return resident.page.locator("[data-files-status]")


def test_four_photos_one_after_another_lead_to_the_certificate(
    visit: Callable[..., Visitor], desk_of: Callable[..., Desk], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident, address = visit(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2), "risai@example.jp"
    page = resident.page
    begin(resident, "disaster-certificate")
    resident.answer(FLOOD | damaged_on())
    resident.look("被害の原因")
    page.get_by_role("button", name="保存して次へ").tap()
    resident.look("被害のあった建物の真ん中を、地図で押してください。")
    DrawingMap(page).look_at(*HOME, 18)
    DrawingMap(page).tap(HOME)
    expect(page.locator(".vertex--point")).to_have_count(1)
    resident.answer(BUILDING)
    resident.look()
    page.get_by_role("button", name="保存して次へ").tap()
    resident.look("被害のようす")
    _choose_and_arrange(resident, tmp_path)
    resident.answer(APPLICANT)
    page.get_by_role("button", name="保存して確認へ").tap()
    resident.look("申請内容の確認")
    resident.sees("東.jpg")
    prove_address(resident, mailbox, address)
    send(resident)
    resident.look("申請が届きました。")
    expect(page.get_by_role("heading", name="これから").locator("+ *")).to_contain_text("現地調査")
    sent = number(resident)
    _survey_and_issue(desk_of("disaster", "inspector"), sent)
    assert sent in mailbox.read(address, "交付しました")
    see_outcome(resident, sent, "交付済み")


def _choose_and_arrange(resident: Visitor, folder: Path) -> None:
    """One photo after another, put in order, one taken out, there after a reload, one that is refused; and on to the next page."""
    page = resident.page
    for count, side in enumerate(SIDES, start=1):
        resident.answer({"photos.upload": view_of(side, folder)})
        expect(names(resident)).to_have_count(count)
    expect(names(resident)).to_have_text([f"{side}.jpg" for side in SIDES])
    expect(status_line(resident)).to_have_text("「北.jpg」を入れました。 4枚入りました。20枚まで入れられます。")
    resident.look()

    page.get_by_role("button", name="「北.jpg」を上へ").tap()
    expect(names(resident)).to_have_text(["東.jpg", "西.jpg", "北.jpg", "南.jpg"])
    expect(status_line(resident)).to_contain_text("「北.jpg」を3番目に動かしました。")
    expect(page.get_by_role("button", name="「北.jpg」を上へ")).to_be_focused()
    page.get_by_role("button", name="「北.jpg」を下へ").press("Enter")
    expect(names(resident)).to_have_text(["東.jpg", "西.jpg", "南.jpg", "北.jpg"])
    expect(
        page.get_by_role("button", name="「北.jpg」を上へ")
    ).to_be_focused()  # it is the last: there is no further down

    page.get_by_role("button", name="「西.jpg」を外す").tap()
    expect(names(resident)).to_have_text(["東.jpg", "南.jpg", "北.jpg"])
    expect(status_line(resident)).to_contain_text("「西.jpg」を外しました。")
    expect(page.get_by_role("button", name="「南.jpg」を外す")).to_be_focused()
    page.reload()
    expect(names(resident)).to_have_text(["東.jpg", "南.jpg", "北.jpg"])
    expect(status_line(resident)).to_have_text("4枚のうち3枚が入りました。あと1枚です。")
    for small in page.locator(".file__thumbnail").all():
        expect(small).not_to_have_js_property("naturalWidth", 0)

    no_picture = folder / "図.jpg"
    no_picture.write_bytes(b"MZ\x90\x00")
    resident.answer({"photos.upload": [no_picture, view_of("西", folder)]})
    refused = page.locator("[data-files-sending] .is-bad")
    expect(refused).to_contain_text("この種類のファイルは受け取れません。")
    expect(names(resident)).to_have_text(["東.jpg", "南.jpg", "北.jpg", "西.jpg"])
    resident.look()
    refused.get_by_role("button", name="閉じる").tap()
    expect(refused).to_have_count(0)
    page.get_by_text("屋根", exact=True).tap()
    resident.answer({"photos.upload": no_picture})
    expect(refused).to_have_count(1)  # it stays there unread, and holds nobody up
    resident.answer({"photos.upload": view_of("東", folder)})  # the same once more, and at once on to the next page
    page.get_by_role("button", name="保存して次へ").tap()
    resident.look("申請する方")


def _survey_and_issue(desk: Desk, sent: str) -> None:
    """The case is taken in, the house looked at, and the certificate issued."""
    desk.open(sent)
    desk.do("受け付ける")
    desk.do("現地調査へ進める")
    desk.stands_at("現地調査")
    desk.drawer.get_by_role("link", name="現地調査を終える").click()
    desk.window.look("現地調査")
    desk.window.answer({"grade": "half", "surveyed_on": f"{today()}", "remark": "床上45cmまで水の跡がありました。"})
    desk.page.get_by_role("button", name="現地調査を終える").last.click()
    desk.do("交付する")
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    desk.window.look()
    desk.confirm()
    desk.carry_out_now()
    desk.stands_at("交付済み")


def test_the_last_photo_is_taken_out_by_keyboard_and_light_damage_needs_no_visit(
    visit: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident = visit()
    begin(resident, "disaster-certificate")
    extent = resident.page.url.rpartition("/")[0] + "/extent"
    resident.goto(extent)
    resident.answer({"photos.upload": view_of("東", tmp_path)})
    resident.page.get_by_role("button", name="「東.jpg」を外す").press("Enter")
    expect(names(resident)).to_have_count(0)
    expect(resident.page.locator('[name="photos.upload"]').last).to_be_focused()
    expect(status_line(resident)).to_have_text("「東.jpg」を外しました。 4枚のうち0枚が入りました。あと4枚です。")
    resident.goto(extent.replace("/extent", "/damage"))
    pages: Pages = {
        "damage": {"cause": "earthquake"} | damaged_on(),
        "building": {"site.lat": str(HOME[1]), "site.lon": str(HOME[0])} | BUILDING,
        "extent": {
            "parts": "roof",
            "photos.upload": [view_of(side, tmp_path) for side in SIDES],
            "self_assessment": "yes",
        },
        "applicant": APPLICANT,
    }
    fill_in(resident, pages)
    prove_address(resident, mailbox, "risai-light@example.jp")
    resident.look("申請内容の確認")
    send(resident)
    resident.look("申請が届きました。")
    following = resident.page.get_by_role("heading", name="これから").locator("+ *")
    expect(following).to_contain_text("交付")
    expect(following).not_to_contain_text("現地調査")


def test_a_large_photo_is_made_smaller_and_sent_again_when_the_line_is_cut(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    resident = visit(viewport=PHONE)
    page = resident.page
    to_photos(resident)
    large = tmp_path / "大きな写真.jpg"
    turned = Image.Exif()
    turned[0x0112] = 6  # taken upright, with a telephone that writes down how it was held
    turned[0x8825] = {1: "N", 2: (35.0, 42.0, 0.0), 3: "E", 4: (139.0, 24.0, 0.0)}
    Image.effect_noise((4032, 3024), 40).convert("RGB").save(large, "JPEG", quality=92, exif=turned)
    sent: list[bytes] = []

    def cut_twice(route: Route, request: Request) -> None:
        sent.append(request.post_data_buffer or b"")
        if len(sent) < 3:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/photos", cut_twice)
    with resident.while_cut_off():
        resident.answer({"photos.upload": large})
        expect(page.locator("[data-files-sending]")).to_contain_text(
            "通信が切れました。つながったら、自動でもう一度送ります。"
        )
        expect(names(resident)).to_have_text("大きな写真.jpg", timeout=20_000)
    assert len(sent) == 3
    assert sent[0]
    assert len(sent[0]) < large.stat().st_size / 2
    assert b"GPS" not in sent[0]
    assert b"Exif" not in sent[0]
    small = page.locator(".file__thumbnail")
    expect(small).not_to_have_js_property("naturalWidth", 0)
    assert small.evaluate("image => image.naturalHeight > image.naturalWidth")
    page.unroute("**/files/photos")
    page.reload()
    expect(names(resident)).to_have_text("大きな写真.jpg")


def test_a_photo_waits_beside_the_page_until_its_owner_has_signed_in_again(
    visit: Callable[..., Visitor], mailbox: Mailbox, tmp_path: Path
) -> None:
    resident, address = visit(viewport=PHONE), "signed-out@example.jp"
    page = resident.page
    resident.goto("/sign-in?next=/me")
    enter_mailed_code(resident, mailbox, address)
    page.wait_for_url("**/me")
    to_photos(resident)
    resident.answer({"photos.upload": view_of("東", tmp_path)})
    expect(names(resident)).to_have_count(1)
    page.get_by_text("屋根", exact=True).click()

    resident.context.clear_cookies(name="madoguchi")  # the session's own
    resident.answer({"photos.upload": view_of("西", tmp_path)})
    kept = page.locator("[data-files-sending] .is-bad")
    expect(kept).to_contain_text("サインイン")
    expect(status_line(resident)).to_contain_text("サインイン")
    resident.look()
    with resident.context.expect_page() as opened:
        kept.get_by_role("link", name="サインインする").click()
    beside = opened.value
    beside.get_by_label("メールアドレス").fill(address)
    beside.get_by_role("button", name="コード").click()
    beside.get_by_label("6けたのコード").fill(mailbox.code(address))
    beside.get_by_role("button", name="サインインする", exact=True).click()
    beside.wait_for_url("**/extent")
    expect(beside.locator("[data-file-list] a")).to_have_text("東.jpg")
    beside.close()
    kept.get_by_role("button", name="もう一度送る").click()
    expect(names(resident)).to_have_text(["東.jpg", "西.jpg"])
    expect(page.locator('[name="parts"][value="roof"]')).to_be_checked()
    resident.press("保存して次へ")
    resident.sees("いまは2枚です。")


def test_without_a_script_one_photo_for_each_send(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    resident = visit(java_script_enabled=False, viewport=PHONE)
    page = resident.page
    to_photos(resident)
    resident.answer({"parts": "roof"})
    for count, side in enumerate(SIDES, start=1):
        resident.answer({"photos.upload": view_of(side, tmp_path)})
        resident.press("選んだものを追加する")
        expect(names(resident)).to_have_count(count)
    expect(status_line(resident)).to_have_text("4枚入りました。20枚まで入れられます。")
    expect(page.locator('[name="parts"][value="roof"]')).to_be_checked()
    resident.look()
    resident.press("「西.jpg」を上へ")
    expect(names(resident)).to_have_text(["西.jpg", "東.jpg", "南.jpg", "北.jpg"])
    resident.press("「東.jpg」を外す")
    expect(names(resident)).to_have_text(["西.jpg", "南.jpg", "北.jpg"])
    resident.press("保存して次へ")
    resident.sees("いまは3枚です。")
    resident.answer({"photos.upload": view_of("東", tmp_path)})
    resident.press("保存して次へ")
    resident.look("申請する方")
