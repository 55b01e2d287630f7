"""What a page of questions shows beside them: rows that have pages of their own, pictures that help, pieces of the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from forms.fields.options import Option

RowState = Literal["empty", "unfinished", "done"]


@dataclass(frozen=True)
class ListedRow:
    """One row: its number in the form, the `key` by which its page is asked for, and what was answered in a few words."""

    number: int
    key: str
    words: str
    state: RowState


@dataclass(frozen=True)
class ShownPicture:
    """Where a picture of the definition is, and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class ShownPiece:
    """A piece of the map as an option: `state` is free, held or taken, `words` say so."""

    option: Option
    state: str
    words: str


@dataclass(frozen=True)
class ShownPieces:
    """The pieces of the map that a question offers, and their map as HTML."""

    pieces: Sequence[ShownPiece]
    drawn: str

    @property
    def map(self) -> Markup:
        """The map."""
        return Markup(self.drawn)  # noqa: S704 - HTML by contract of `drawn`
