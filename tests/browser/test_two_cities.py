"""Two cities side by side: the same report in 立川市 and in 三鷹市; what belongs to one is not there in the other."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import damage
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

THEMES = {"tachikawa": "blue", "mitaka": "green"}


def test_the_same_report_goes_to_each_city(visit: Callable[..., Visitor]) -> None:
    numbers, colours = {}, {}
    for city, name in {"tachikawa": "立川市", "mitaka": "三鷹市"}.items():
        resident = visit(city)
        resident.goto("/")
        resident.look("今日は、どうされましたか。")
        expect(resident.page).to_have_title(f"休まない市役所 — {name} 窓口")
        expect(resident.page.locator("html")).to_have_attribute("data-city", THEMES[city])
        colours[city] = resident.page.get_by_role("button", name="さがす").evaluate(
            "button => getComputedStyle(button).backgroundColor"
        )
        numbers[city] = _report(resident, city)
    assert colours["tachikawa"] != colours["mitaka"]
    assert numbers["tachikawa"].startswith("立")
    assert numbers["mitaka"].startswith("三")


def test_a_place_in_the_other_city_is_refused(visit: Callable[..., Visitor]) -> None:
    resident = visit("mitaka")
    damage.begin(resident)
    damage.type_place(resident, "tachikawa")
    resident.press("保存して次へ")
    resident.sees("市内の場所を示してください。")
    assert resident.page.url.endswith("/where")


def test_what_a_resident_began_and_sent_is_not_in_the_other_city(visit: Callable[..., Visitor]) -> None:
    resident = visit("tachikawa")
    number = _report(resident, "tachikawa")
    public_id = resident.page.url.rsplit("/", 1)[1]
    damage.begin(resident)
    begun = resident.page.url.split("/")[-2]

    elsewhere = _carrying(visit, resident, "mitaka")
    for address in (
        f"/drafts/{begun}",
        f"/apply/d/{begun}/what",
        f"/apply/d/{begun}/review",
        f"/apply/d/{begun}/later",
    ):
        assert _status(elsewhere, address) == 404, address
        assert _status(resident, address) == 200, address
    for address in (f"/done/{public_id}", f"/me/cases/{public_id}"):
        assert _status(resident, address) == 200, address
        elsewhere.goto(address)
        assert "/sign-in" in elsewhere.page.url, address  # as for an address that no case has
    elsewhere.look()
    elsewhere.goto("/me")
    elsewhere.look("わたしの手続き")
    elsewhere.sees("まだ手続きはありません")
    expect(elsewhere.page.locator("body")).not_to_contain_text(number)


def test_staff_of_one_city_are_strangers_in_the_other(
    visit: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    number = _report(visit("tachikawa"), "tachikawa")
    here = Desk(at_desk("takahashi", "tachikawa"))
    here.open(number)
    case = here.page.url.removeprefix(here.window.origin)

    stranger = _carrying(visit, here.window, "mitaka")
    stranger.goto(case)
    stranger.look("職員のサインイン")

    colleague = Desk(at_desk("takahashi", "mitaka"))
    colleague.search(number)
    expect(colleague.rows).to_have_count(0)
    colleague.window.look()


def _report(resident: Visitor, city: str) -> str:
    """Report a hole in that city; the number of the receipt."""
    damage.begin(resident)
    damage.type_place(resident, city)
    return damage.finish(resident)


def _carrying(visit: Callable[..., Visitor], window: Visitor, city: str) -> Visitor:
    """A window at a city that shows it the cookies of the city where the other window is."""
    cookies = [cookie | {"domain": f"{city}.localhost"} for cookie in window.context.cookies()]
    assert cookies
    return visit(city, storage_state={"cookies": cookies, "origins": []})


def _status(window: Visitor, address: str) -> int:
    answer = window.goto(address)
    assert answer
    return answer.status
