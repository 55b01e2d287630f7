"""The sandbox's mailbox, read as a person reads it."""

import re

from playwright.sync_api import Page


class Mailbox:
    """Mails by address; waits for one that is still on its way."""

    def __init__(self, page: Page, sandbox: str) -> None:
        self._page, self._sandbox = page, sandbox

    def read(self, address: str, subject: str) -> str:
        """The text of the newest mail to an address whose subject has these words."""
        mail = self._page.locator(".mails a", has_text=subject).first
        for _ in range(60):
            self._page.goto(f"{self._sandbox}/mail/?to={address}")
            if mail.count():
                break
            self._page.wait_for_timeout(150)
        mail.click()
        return self._page.locator("pre").inner_text()

    def code(self, address: str) -> str:
        """The six digits that prove an address."""
        match = re.search(r"\b(\d{6})\b|(\d{3}) (\d{3})", self.read(address, "コード"))
        assert match
        return match[1] or match[2] + match[3]

    def link(self, address: str, subject: str) -> str:
        """The first address of a page in a mail."""
        match = re.search(r"https?://\S+", self.read(address, subject))
        assert match
        return match[0]
