"""Diagnostics of a definition, worded so that its author can fix it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from forms.definition.nearness import near_name

_MAX_LISTED = 12


@dataclass(frozen=True)
class Offer:
    """What one press can write into the text: `value`, as JSON, at `path`, whose last part is a key that is not there yet.

    `order` are the keys that may stand beside it, in the order in which they should.
    """

    path: tuple[str | int, ...]
    value: str
    order: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The dotted path, which identifies the offer on a page."""
        return ".".join(map(str, self.path))


@dataclass(frozen=True)
class Item:
    """One place of a diagnostic that speaks of many: a text that is not translated."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class UnlocatedItem:
    """An item whose line is not looked up yet."""

    path: tuple[str | int, ...]
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One thing to correct (`error`) or to consider (`advice`).

    `path` is dotted (`steps.1.fields.0.type`), `line` counts from 1 in the text. `message` gives the actual and the
    expected value, `remedy` what to write instead; both are Japanese, because clerks read them. `offer`: the remedy
    as something that can be written by a press. `items`: the places, where it is one list of work over many.
    """

    path: str
    line: int
    message: str
    remedy: str = ""
    severity: Literal["error", "advice"] = "error"
    offer: Offer | None = None
    items: tuple[Item, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The diagnostic as plain JSON."""
        return asdict(self)

    def __str__(self) -> str:
        where = f"{self.line}行目 {self.path}".rstrip()
        return f"{where}: {self.message}" + (f" {self.remedy}" if self.remedy else "")


@dataclass(frozen=True)
class UnlocatedDiagnostic:
    """A diagnostic whose line is not looked up yet: `path` leads to the part of the tree."""

    path: tuple[str | int, ...]
    message: str
    remedy: str = ""
    severity: Literal["error", "advice"] = "error"
    offer: Offer | None = None
    items: tuple[UnlocatedItem, ...] = ()


class DefinitionError(ValueError):
    """A text is not a valid definition. `diagnostics` has at least one error."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))


def nearest(word: object, names: Iterable[str], listing: str = "") -> str:
    """Return a remedy naming the one of `names` that is meant, else `listing`, or all of them if they are few."""
    candidates = sorted(set(names))
    if name := near_name(word, candidates):
        return f"「{name}」ではありませんか。"
    if listing or not candidates or len(candidates) > _MAX_LISTED:
        return listing
    return f"使えるのは {'、'.join(candidates)} です。"


def shown(value: object, limit: int = 60) -> str:
    """Return a value as one printable line of at most `limit` characters."""
    text = " ".join(str(value).split())
    if not text.isprintable():
        text = "".join(character if character.isprintable() else "□" for character in text)
    return text if len(text) <= limit else f"{text[:limit]}…"
