"""What an article says, and what of it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.core.errors import Invalid

MAX_TITLE: Final = 80
MAX_BODY: Final = 5000
SUBJECTS: Final = ("くらし", "税", "子育て", "福祉", "防災", "手続き", "市政")
"""Under what an article stands, as cities sort their news."""


@dataclass(frozen=True)
class Content:
    """The words of an article by language, its subject, and its days; without `shown_from` it is a draft."""

    subject: str
    title: Mapping[str, str]
    body: Mapping[str, str]
    shown_from: date | None
    shown_until: date | None

    def check(self) -> None:
        """Raise Invalid, by field, for what cannot be kept."""
        faults: dict[str, str] = {}
        if self.subject not in SUBJECTS:
            faults["subject"] = "分野を選んでください。"
        for what, texts, most in (("題名", self.title, MAX_TITLE), ("本文", self.body, MAX_BODY)):
            name = "title" if what == "題名" else "body"
            if not texts.get("ja"):
                faults[f"{name}_ja"] = f"{what}を入力してください。"
            for language, text in texts.items():
                if len(text) > most:
                    faults[f"{name}_{language.replace('-', '_')}"] = f"{what}は{most:,}字までにしてください。"
        for language in (self.title.keys() | self.body.keys()) - (self.title.keys() & self.body.keys()):
            lacking = "body" if language in self.title else "title"
            faults.setdefault(f"{lacking}_{language.replace('-', '_')}", "題名と本文は、同じ言語でそろえてください。")
        if self.shown_until is not None and self.shown_from is not None and self.shown_until < self.shown_from:
            faults["shown_until"] = "公開を終える日は、始める日か、そのあとの日にしてください。"
        if faults:
            raise Invalid("お知らせを直してください。", faults)
