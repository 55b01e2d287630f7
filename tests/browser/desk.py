"""What staff do at the desk: find a case, look at it, decide."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


class Desk:
    """The board of a member of staff who is signed in."""

    def __init__(self, window: Visitor) -> None:
        self.window = window
        self.page = window.page

    @property
    def drawer(self) -> Locator:
        """The chosen case."""
        return self.page.locator("#drawer")

    @property
    def rows(self) -> Locator:
        """The list."""
        return self.page.locator("[data-case-list] [data-case-id]")

    def search(self, query: str) -> None:
        """Find cases by number, name or place."""
        self.window.goto("/desk")
        self.page.get_by_label("受付番号・氏名・電話・場所でさがす").fill(query)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(r"[?&]q="))

    def open(self, number: str) -> None:
        """Find a case by its number and open it in the drawer."""
        self.search(number)
        expect(self.rows).to_have_count(1)
        self.rows.click()
        expect(self.drawer).to_contain_text(number)

    def tab(self, label: str) -> None:
        """Turn to another page of the drawer."""
        self.drawer.get_by_role("link", name=label, exact=True).click()
        expect(self.drawer.get_by_role("link", name=label, exact=True)).to_have_attribute("aria-current", "true")

    def do(self, move: str) -> None:
        """Press the button of a move; what asks first is answered with `confirm`."""
        self.drawer.locator(".case-actions").get_by_role("button", name=re.compile(f"^{move}")).click()

    def confirm(self, note: str = "", *, label: str = "申請した人に伝えること") -> None:
        """Write the words that go with a decision, in the dialog that stands open, and go ahead."""
        dialog = self.page.locator("dialog[open]")
        if note:
            dialog.get_by_label(label).fill(note)
        dialog.locator("button:not([data-closes-dialog])").click()
        expect(dialog).to_be_hidden()

    def carry_out_now(self) -> None:
        """Do not wait until a decision can no longer be taken back."""
        self.drawer.get_by_role("button", name="待たずに実行する").click()
        expect(self.drawer.get_by_role("button", name="待たずに実行する")).to_have_count(0)

    def settle(self, number: str, decision: str, outcome: str) -> None:
        """Take a case in and decide it, looked at before the last word."""
        self.open(number)
        self.do("受け付ける")
        self.do(decision)
        expect(self.page.locator("dialog[open]")).to_be_visible()
        self.window.look()
        self.confirm()
        self.carry_out_now()
        self.stands_at(outcome)

    def stands_at(self, state: str) -> None:
        """The state that the drawer shows."""
        expect(self.drawer.locator("header .pill").first).to_contain_text(state)

    def use_tool(self, name: str) -> None:
        """Take one of the tools of the map that lie in its menu, by keys."""
        self.page.locator("[data-tool-menu] > summary").press("Enter")
        self.page.get_by_role("button", name=name).press("Enter")

    def open_menu(self, name: str) -> None:
        """Open a menu above the list: `条件`, or `表示と書き出し`."""
        summary = self.page.locator("#pane .filters summary")
        summary.and_(self.page.get_by_label(name).or_(self.page.get_by_text(name))).first.press("Enter")

    def choose_layers(self) -> None:
        """Unfold the part of the layer panel in which layers are chosen and arranged."""
        self.page.locator("[data-layer-choice] > summary").press("Enter")

    def draw_around_pin(self) -> None:
        """Choose the area around the only pin on the map, in one stroke of the mouse."""
        pin = self.page.locator(".case-icon")
        expect(pin).to_have_count(1)
        self.page.get_by_role("button", name="囲んで選ぶ").click()
        box = pin.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"]
        self.page.mouse.move(x - 40, y - 40)
        self.page.mouse.down()
        for east, north in ((45, -40), (40, 40), (-40, 35), (-40, -30)):
            self.page.mouse.move(x + east, y + north, steps=4)
        self.page.mouse.up()
        self.page.wait_for_url(re.compile(r"[?&]area="))

    def press_pin(self) -> None:
        """Press the only pin on the map."""
        expect(self.page.locator(".case-icon")).to_have_count(1)
        self.page.locator(".case-icon").click()
