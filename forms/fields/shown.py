"""What a page of questions shows beside them: rows that have pages of their own, pictures that help, pieces of the map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from forms.fields.appointment import Slot
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


@dataclass(frozen=True)
class ShownPlace:
    """A place to choose instead of drawing: what it is called, what is said of it, and where it is."""

    name: str
    note: str
    lon: float
    lat: float

    @property
    def value(self) -> str:
        """What its radio button posts, as `forms.fields.place.named_position` reads it."""
        return f"{self.lon:.7f},{self.lat:.7f},{self.name}"


@dataclass(frozen=True)
class ShownPlaces:
    """The places that a question offers: `matches` that the words may mean, and those that are known of who asks.

    `words` are what was looked for; `outside` says that they name another city. `examples` are an address and a station of the city.
    """

    words: str = ""
    matches: Sequence[ShownPlace] = ()
    known: Sequence[ShownPlace] = ()
    outside: bool = False
    examples: tuple[str, str] | None = None

    @property
    def all(self) -> Sequence[ShownPlace]:
        """Every one once, those that were looked for first."""
        return list({place.value: place for place in (*self.matches, *self.known)}.values())


FindPlaces = Callable[[str], ShownPlaces]
"""The places to choose from for what was typed, and those that are known."""


@dataclass(frozen=True)
class SlotDay:
    """A day with the appointments that can be chosen on it."""

    label: str
    slots: Sequence[Slot]

    def holds(self, value: str) -> bool:
        """Whether the chosen one is on this day."""
        return any(slot.value == value for slot in self.slots)
