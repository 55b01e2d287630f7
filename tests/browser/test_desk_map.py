"""A case of the desk on paper."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor


def _a_road_case(desk: Desk) -> str:
    """The number of a sample application with a place, which is open in the drawer afterwards."""
    desk.window.goto("/desk")
    desk.rows.filter(has_text="道路占用許可申請").first.click()
    expect(desk.drawer.locator("header h2")).to_have_text("道路占用許可申請")
    return desk.drawer.locator("header .muted.nowrap").first.inner_text().strip()


def test_a_printed_case_has_its_map_and_answers_and_names_nobody_else(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("takahashi"))
    number = _a_road_case(desk)
    desk.page.emulate_media(media="print")
    expect(desk.rows.first).to_be_hidden()
    expect(desk.rows.filter(visible=True)).to_have_count(0)
    expect(desk.page.locator("#pane")).to_be_hidden()
    expect(desk.page.locator("#map")).to_be_hidden()
    expect(desk.page.get_by_role("searchbox")).to_be_hidden()
    expect(desk.page.locator("dialog").filter(visible=True)).to_have_count(0)
    paper = desk.page.locator("body")
    visible = paper.inner_text()
    assert number in visible
    assert "申請した人" in visible
    assert "占用の目的" in visible
    place = desk.drawer.locator("[data-map-place]")
    expect(place).to_be_visible()
    expect(place.locator(".leaflet-container, .leaflet-pane").first).to_be_attached()
    box = place.bounding_box()
    assert box
    assert box["width"] > 300
    assert box["height"] > 150

    desk.page.emulate_media(media="screen")
    desk.tab("やりとり")
    desk.page.emulate_media(media="print")
    assert "職員のメモ" in paper.inner_text()
    expect(desk.drawer.get_by_role("button").filter(visible=True)).to_have_count(0)
    expect(desk.page.locator("#pane")).to_be_hidden()


def _names(desk: Desk) -> dict[str, str]:
    """The applicants of the list by the number of their case in its address, as far as they gave a name."""
    lines = desk.rows.evaluate_all(
        "rows => rows.map(row => [row.dataset.caseId, row.querySelector(':scope > .muted').innerText])"
    )
    names = {case_id: line.rpartition("・")[2].strip() for case_id, line in lines}
    return {case_id: name for case_id, name in names.items() if name and name != "匿名"}


def _paper(desk: Desk) -> str:
    """Everything that would be printed."""
    desk.page.emulate_media(media="print")
    text = desk.page.locator("body").inner_text()
    desk.page.emulate_media(media="screen")
    return text


def test_a_case_outside_the_list_prints_alone_with_no_name_of_another(at_desk: Callable[..., Visitor]) -> None:
    desk = Desk(at_desk("tanaka"))
    desk.window.goto("/desk")
    names = _names(desk)
    chosen = desk.rows.filter(has_text="道路占用許可申請").first.get_attribute("data-case-id") or ""
    own = names[chosen]
    others = {name for name in names.values() if name != own}
    assert len(others) > 3, "the list names many people"
    own_status = desk.page.locator(f'[data-case-id="{chosen}"]').get_attribute("data-status")
    elsewhere = next(status for status in ("new", "review", "fix", "wait") if status != own_status)

    desk.window.goto(f"/desk/cases/{chosen}?status={elsewhere}")
    expect(desk.page.get_by_text("開いている案件(いまの一覧の外にあります)")).to_be_visible()
    others |= {name for case_id, name in _names(desk).items() if case_id != chosen and name != own}
    for tab in ("内容", "書類", "やりとり", "履歴"):
        desk.tab(tab)
        paper = _paper(desk)
        assert [name for name in others if name in paper] == [], f"{tab} names somebody else"
        assert "いまの一覧の外にあります" not in paper
        assert desk.drawer.locator("header h2").inner_text() in paper
    desk.tab("内容")
    assert own in _paper(desk)

    # a plain page, as it comes without a script's swapping of the drawer
    desk.page.reload()
    expect(desk.drawer.locator("header h2")).to_be_visible()
    paper = _paper(desk)
    assert own in paper
    assert [name for name in others if name in paper] == []
