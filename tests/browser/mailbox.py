"""The sandbox's mailbox, read as a person reads it: the list, and the mail that it leads to."""

import re
import time
from urllib.parse import urlencode, urljoin
from urllib.request import urlopen

from lxml import html
from lxml.html import HtmlElement

PATIENCE = 30  # seconds


class Mailbox:
    """Mails by address; waits for one that is still on its way. No browser draws its pages: a journey would open them by the dozen."""

    def __init__(self, sandbox: str) -> None:
        self._sandbox = sandbox

    def read(self, address: str, subject: str) -> str:
        """The text of the newest mail to an address whose subject has these words."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for mail in self._page(f"/mail/?{urlencode({'to': address})}").xpath("//ul[@class='mails']//a"):
                if subject in mail.text_content():
                    return str(self._page(mail.get("href")).xpath("string(//pre)"))
            time.sleep(0.15)
        raise AssertionError(f"no mail to {address} has {subject} in its subject")

    def code(self, address: str) -> str:
        """The six digits that prove an address."""
        return self.digits(address, "コード")

    def digits(self, address: str, subject: str) -> str:
        """The six digits in a mail."""
        match = re.search(r"\b(\d{6})\b|(\d{3}) (\d{3})", self.read(address, subject))
        assert match
        return match[1] or match[2] + match[3]

    def link(self, address: str, subject: str) -> str:
        """The first address of a page in a mail."""
        match = re.search(r"https?://\S+", self.read(address, subject))
        assert match
        return match[0]

    def _page(self, path: str) -> HtmlElement:
        with urlopen(urljoin(self._sandbox, path), timeout=PATIENCE) as answer:  # noqa: S310 - our own loopback address
            return html.fromstring(answer.read().decode())
