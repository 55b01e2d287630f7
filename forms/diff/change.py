"""One change between two versions of a definition, as a clerk reads it."""

from dataclasses import asdict, dataclass
from typing import Literal

ChangeKind = Literal["added", "removed", "changed", "moved"]
Topic = Literal["money", "demands", "handling", "texts", "examples"]

#: What a change is about, in the order in which a clerk must see them.
TOPICS: dict[Topic, str] = {
    "money": "料金",
    "demands": "申請できる人と、求めること",
    "handling": "案内・審査・書類",
    "texts": "文と訳",
    "examples": "試しの答え",
}


@dataclass(frozen=True)
class Change:
    """One change. `path` names the part (`fields.hall.options.small.values.fee`), `subject` says in Japanese what it is.

    `before` and `after` are its old and its new content in words: they always differ, and one is None for what was added
    or removed.
    """

    topic: Topic
    path: str
    kind: ChangeKind
    subject: str
    before: str | None
    after: str | None

    @property
    def names_its_content(self) -> bool:
        """Whether the subject already says all of what was added or removed."""
        return (self.after or self.before or "") in self.subject

    @property
    def text(self) -> str:
        """The change as one Japanese sentence."""
        if self.kind in ("added", "removed"):
            verb = "加わりました" if self.kind == "added" else "なくなりました"
            return (
                f"{self.subject}が{verb}。"
                if self.names_its_content
                else f"{self.subject}が{verb}({self.after or self.before})。"
            )
        return f"{self.subject}が変わりました({self.before} → {self.after})。"

    def as_dict(self) -> dict[str, str | None]:
        """The change as plain JSON."""
        return {**asdict(self), "text": self.text}
