"""What a reader of the interface may see: collections of features, one for each map layer and for each layer of cases."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request

from geo import Tile
from geo.catalogue import Entry, entries, entry_of
from geo.feature_source import FeatureSource, bounds_of_source, count_features, layer_source
from geo.layer_features import bounds_of
from geo.layers import layer_tile, mark_of, public_tile
from portal.cases import (
    layers_for_everybody,
)
from portal.cases.case_layers import CaseLayer, layers_of_cases, reach_of_program, reach_of_staff
from portal.core.access import current_program, staff_member
from portal.core.errors import NotFound
from portal.core.text import _, pick
from portal.core.web import db
from portal.maps import LayerSight, column_labels, style_of

Bounds = tuple[float, float, float, float]


class Collection(ABC):
    """Features of one kind, and what is told of them.

    `kind`: point | line | polygon; `style` as `geo.style` reads it. `version` is different whenever a feature is; None where nothing says
    that, so that an answer must be made to be compared; `number` counts versions. `licence`, `attribution` and `description` may be
    empty; `as_of` is the day as of which it is right, where that is known.
    """

    id: str
    title: str
    description: str
    attribution: str
    licence: str
    as_of: date | None
    kind: str
    style: Mapping[str, Any]
    version: str | None
    number: int | None
    source: FeatureSource
    clustered = False
    """Whether tiles far out hold counted cells in place of features."""
    small_as_points = False
    """Whether tiles hold points in place of shapes that would not be seen."""

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of its features."""

    @abstractmethod
    def bounds(self) -> Bounds | None:
        """West, south, east and north in degrees; None without features."""

    @abstractmethod
    def tile(self, place: Tile) -> bytes:
        """A vector tile."""

    @abstractmethod
    def map_tiles(self) -> str:
        """The address of its tiles for the city's own maps, with `{z}`, `{x}` and `{y}` in it."""

    @abstractmethod
    def labels(self) -> Mapping[str, str]:
        """What its properties are called, by name, in the reader's language."""

    def words(self, name: str) -> Mapping[str, str]:  # noqa: ARG002 - those of cases have codes
        """The words of a property's values, where they are codes."""
        return {}


class LayerCollection(Collection):
    """A map layer of the catalogue."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.id, self.title = entry.key, pick(entry.title)
        self.description = pick(entry.description) if entry.description else ""
        self.attribution = entry.attribution or entry.source
        self.licence, self.as_of = entry.licence, entry.data_date
        self.kind, self.style = entry.kind, style_of(entry.kind, entry.style)
        self.hidden = frozenset() if at_desk() else frozenset(entry.hidden_columns)
        self.version, self.number = mark_of(entry.key, entry.version, sorted(self.hidden)), entry.version
        self.source = layer_source(entry, self.hidden)

    @property
    def size(self) -> int:
        return self.entry.features

    def bounds(self) -> Bounds | None:
        return bounds_of(db(), self.id)

    def tile(self, place: Tile) -> bytes:
        return (layer_tile if at_desk() else public_tile)(db(), self.id, place)

    def map_tiles(self) -> str:
        return f"{'/desk/map' if at_desk() else '/map'}/layers/{self.id}/{{z}}/{{x}}/{{y}}.mvt"

    def labels(self) -> Mapping[str, str]:
        return {name: label for name, label in column_labels(self.entry).items() if name not in self.hidden}


class CaseCollection(Collection):
    """The cases of a procedure at a place that it asks for."""

    attribution, licence, as_of, version, number = "", "", None, None, None
    small_as_points = True

    def __init__(self, layer: CaseLayer) -> None:
        self.layer = layer
        self.id, self.title, self.description = layer.key, layer.title, layer.description
        self.kind, self.style, self.source, self.clustered = layer.kind, layer.style, layer.source, layer.clustered

    @property
    def size(self) -> int:
        return count_features(db(), self.source, ())

    def bounds(self) -> Bounds | None:
        return bounds_of_source(db(), self.source)

    def tile(self, place: Tile) -> bytes:
        return self.layer.tile(db(), place)

    def map_tiles(self) -> str:
        return f"{door()}/collections/{self.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"

    def labels(self) -> Mapping[str, str]:
        return {column.name: column.label for column in self.layer.columns}

    def words(self, name: str) -> Mapping[str, str]:
        return next((column.words for column in self.layer.columns if column.name == name), {})


def at_desk() -> bool:
    """Whether the request came by the staff's door."""
    return request.path.startswith("/desk/")


def door() -> str:
    """The path below which the reader finds everything."""
    return "/desk/ogc" if at_desk() else "/ogc"


def collections() -> Sequence[Collection]:
    """Every collection that the reader of this request may see."""
    shown = _shown()
    layers = [LayerCollection(entry) for entry in entries(db()) if shown(entry)]
    return [*layers, *map(CaseCollection, _case_layers())]


def collection(key: str) -> Collection:
    """The collection of that id. Raises NotFound, also for one that this reader may not see."""
    if "." in key:
        layer = next((layer for layer in _case_layers(key.split(".")[1]) if layer.key == key), None)
        if layer is not None:
            return CaseCollection(layer)
    else:
        entry = entry_of(db(), key)
        if entry is not None and _shown()(entry):
            return LayerCollection(entry)
    raise NotFound(_("「{id}」というコレクションはありません。/collections で確かめてください。", id=key))


def _shown() -> Callable[[Entry], bool]:
    if not at_desk():
        return lambda entry: entry.in_use and entry.visible_to == "public"
    if program := current_program():
        return lambda entry: entry.in_use and entry.key in program.layers
    sight = LayerSight(db(), staff_member())
    return lambda entry: entry.in_use and sight.sees(entry)


def _case_layers(procedure: str | None = None) -> Iterable[CaseLayer]:
    if not at_desk():
        return layers_for_everybody(db(), procedure)
    if program := current_program():
        layers = layers_of_cases(db(), reach_of_program(program), procedure)
        return [layer for layer in layers if layer.procedure in program.procedures]
    return layers_of_cases(db(), reach_of_staff(staff_member()), procedure)
