"""Departments run from the desk by keys alone: two are added, one is renamed and moved, and closes into the other."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

CITY = "mitaka"


def test_a_department_is_added_renamed_ordered_and_closed_into_another(at_desk: Callable[..., Visitor]) -> None:
    desk = at_desk("tanaka", CITY)
    desk.goto("/desk/departments")
    desk.look("課")
    link(desk, "課を加える").press("Enter")
    desk.look("課を加える")
    see_what_is_missing(desk)
    desk.page.keyboard.type("coast")  # the first fault has led to the key
    add(desk, "海辺課")
    desk.look("海辺課")
    desk.goto("/desk/new-department")
    write(desk.page.locator("#key"), "harbour")
    add(desk, "みなと課")
    rename(desk)
    close(desk)


def see_what_is_missing(desk: Visitor) -> None:
    """Both faults of an empty form are told at once; the first one leads to its field."""
    button(desk, "課を加える").press("Enter")
    summary = desk.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#key")).to_be_focused()
    desk.look()
    desk.page.locator("#key").focus()  # looking has moved the focus


def add(desk: Visitor, title: str) -> None:
    """Give the new department its name and add it."""
    write(desk.page.locator("#title_ja"), title)
    button(desk, "課を加える").press("Enter")
    desk.sees("課を加えました")


def rename(desk: Visitor) -> None:
    """Another name, hours of its own, and the first place in the list."""
    page = desk.page
    write(page.locator("#title_ja"), "港湾課")
    write(page.locator("#hours"), "平日 9:00〜16:00")
    button(desk, "保存する").press("Enter")
    desk.sees("保存しました")
    desk.look("港湾課")
    page.get_by_label("並ぶところ").press("Home")
    button(desk, "ここに並べる").press("Enter")
    desk.sees("並び順を変えました")
    first = page.get_by_role("region", name="課の一覧").get_by_role("row").nth(1)
    expect(first).to_contain_text("港湾課")
    expect(first).to_contain_text("平日 9:00〜16:00")
    desk.look("課")


def close(desk: Visitor) -> None:
    """Not without a successor, and not before it was read what goes there; from then on there is no such page."""
    link(desk, "港湾課").press("Enter")
    link(desk, "閉じる前に確かめる").press("Enter")
    desk.look("港湾課を閉じる")
    button(desk, "変わることを確かめる").press("Enter")
    desk.sees("引き継ぐ課を、いまある課から選んでください")
    desk.look()
    desk.page.locator("#successor").select_option(label="海辺課")
    button(desk, "変わることを確かめる").press("Enter")
    desk.look("港湾課を閉じますか")
    button(desk, "港湾課を閉じて、海辺課に引き継ぐ").press("Enter")
    desk.sees("課を閉じました")
    closed = desk.page.get_by_role("row").filter(has_text="港湾課")
    expect(closed).to_contain_text("海辺課")
    desk.look("課")
    desk.goto("/desk/departments/harbour")
    desk.sees("この課は、もうありません")


def write(field: Locator, text: str) -> None:
    """Type a text in place of what stands in a field."""
    field.press("ControlOrMeta+a")
    field.press_sequentially(text)


def button(desk: Visitor, label: str) -> Locator:
    """A button of the page itself."""
    return desk.page.locator("main").get_by_role("button", name=label, exact=True)


def link(desk: Visitor, label: str) -> Locator:
    """A link of the page itself."""
    return desk.page.locator("main").get_by_role("link", name=label, exact=True)
