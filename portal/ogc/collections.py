"""What a reader of the interface may see: collections of features, one for each layer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request

from geo.catalogue import Entry, entries, entry_of
from geo.feature_source import FeatureSource, layer_source
from geo.layer_features import bounds_of
from portal.core.access import current_program, staff_member
from portal.core.errors import NotFound
from portal.core.text import _, pick
from portal.core.web import db
from portal.maps import LayerSight


@dataclass(frozen=True, slots=True)
class Collection:
    """Features of one kind, and what is told of them. `version` changes whenever a feature does."""

    entry: Entry
    source: FeatureSource

    @property
    def id(self) -> str:
        """What addresses call it."""
        return self.entry.key

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return pick(self.entry.title)

    @property
    def description(self) -> str:
        """What it holds, in the reader's language; may be empty."""
        return pick(self.entry.description) if self.entry.description else ""

    @property
    def attribution(self) -> str:
        """What must be said where it is shown; may be empty."""
        return self.entry.attribution or self.entry.source

    @property
    def licence(self) -> str:
        """On what terms it may be used; may be empty."""
        return self.entry.licence

    @property
    def as_of(self) -> date | None:
        """The day as of which it is right, where that is known."""
        return self.entry.data_date

    @property
    def size(self) -> int:
        """The number of its features."""
        return self.entry.features

    @property
    def version(self) -> str:
        """What is different whenever one of its features is."""
        return f"{self.entry.key}-{self.entry.version}"

    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north in degrees; None without features."""
        return bounds_of(db(), self.entry.key)


def at_desk() -> bool:
    """Whether the request came by the staff's door."""
    return request.path.startswith("/desk/")


def door() -> str:
    """The path below which the reader finds everything."""
    return "/desk/ogc" if at_desk() else "/ogc"


def collections() -> Sequence[Collection]:
    """Every collection that the reader of this request may see."""
    shown = _shown()
    return [_of(entry) for entry in entries(db()) if shown(entry)]


def collection(key: str) -> Collection:
    """The collection of that id. Raises NotFound, also for one that this reader may not see."""
    entry = entry_of(db(), key)
    if entry is None or not _shown()(entry):
        raise NotFound(_("「{id}」というコレクションはありません。/collections で確かめてください。", id=key))
    return _of(entry)


def _shown() -> Callable[[Entry], bool]:
    if not at_desk():
        return lambda entry: entry.in_use and entry.visible_to == "public"
    if program := current_program():
        return lambda entry: entry.in_use and entry.key in program.layers
    sight = LayerSight(db(), staff_member())
    return lambda entry: entry.in_use and sight.sees(entry)


def _of(entry: Entry) -> Collection:
    return Collection(entry, layer_source(entry))
