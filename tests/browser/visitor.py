"""Somebody at a browser: goes to pages, fills them in, and looks at each with the eyes of WCAG, of the console and of the network."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, Response, expect

from tests.browser.audit import faults_of, faults_without_script

_REFUSED = re.compile("Failed to load resource: the server responded with a status of 4")
_CUT_OFF = "Failed to load resource: net::ERR_"
_AWAY = re.compile("Failed to load resource: the server responded with a status of 503")
_REPLACED = re.compile(r"htmx:(sendAbort|afterRequest), ")
"""htmx writes down a request that a newer one replaced, as when keys walk a list faster than it answers: nothing is lost."""


class Visitor:
    """One person with one browser window. `look` at every stop; `leave` says whether anything was wrong on the way."""

    def __init__(self, context: BrowserContext, origin: str, others: tuple[str, ...], *, scripts: bool = True) -> None:
        """origin: the site that is visited; others: origins it may lead to (the payment pages)."""
        self.context, self.origin, self.scripts = context, origin, scripts
        self.page = context.new_page()
        self._debugger = None if scripts else context.new_cdp_session(self.page)
        self.faults: list[str] = []
        self._is_away = self._is_cut_off = False
        self._allowed = {urlsplit(url).netloc for url in (origin, *others)}
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def goto(self, path: str) -> Response | None:
        """Open a page of the site, or an address."""
        return self.page.goto(path if "://" in path else self.origin + path)

    def look(self, heading: str | None = None) -> None:
        """See the heading, and that the page breaks no rule of WCAG 2.2 A or AA on a phone or at a desk.

        Without a heading something of the page must have been seen before: what was pressed may still be leading to it.
        """
        if heading is not None:
            expect(self.page.locator("h1").filter(visible=True).first).to_contain_text(heading)
        self.page.wait_for_load_state()  # a page that comes is empty at first
        self.faults += faults_without_script(self.page, self._debugger) if self._debugger else faults_of(self.page)
        assert not self.faults, "\n".join(self.faults)

    def answer(self, answers: Mapping[str, str | Path | list[Path]]) -> None:
        """Fill in inputs by their names; a radio button or a box is chosen by its value, a Path is uploaded."""
        for name, value in answers.items():
            inputs = self.page.locator(f'main [name="{name}"]:not([type=hidden])')
            if not isinstance(value, str):
                inputs.last.set_input_files(value)  # before it may stand the camera of a telephone
                continue
            kind = inputs.first.evaluate("element => element.type")
            if kind in ("radio", "checkbox"):
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                inputs.select_option(value)
            else:
                inputs.fill(value)

    def press(self, label: str) -> None:
        """Press the button with this label."""
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        """Follow the link with this label."""
        self.page.get_by_role("link", name=label).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Expect this text on the page, now or when it has changed."""
        expect(self.page.locator("body")).to_contain_text(text)

    def region(self, name: str) -> Locator:
        """A part of the page by the name that a screen reader gives it."""
        return self.page.get_by_label(name, exact=True)

    @contextmanager
    def while_away(self) -> Iterator[None]:
        """While something that the portal needs is away: that it answers 503 is no fault then."""
        self._is_away = True
        yield
        self._is_away = False

    @contextmanager
    def while_cut_off(self) -> Iterator[None]:
        """While the line is cut: that a request does not arrive is no fault then."""
        self._is_cut_off = True
        yield
        self._is_cut_off = False

    def _heard(self, message: ConsoleMessage) -> None:
        if self._is_away and _AWAY.match(message.text):
            return
        if self._is_cut_off and _CUT_OFF in message.text:
            return
        if message.type in ("error", "warning") and not (_REFUSED.match(message.text) or _REPLACED.match(message.text)):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self._allowed:
            self.faults.append(f"{self.page.url} asks {request.url}")

    def _answered(self, response: Response) -> None:
        """Pages may refuse what was typed or chosen; what belongs to a page may not be missing, and nothing may break."""
        is_main = response.request.resource_type == "document" or response.request.method == "POST"
        limit = 500 if is_main else 400
        if response.status >= limit and not (is_main and self._is_away and response.status == 503):
            self.faults.append(f"{response.url} answered {response.status}")
