"""Features of the city's map layers as options of questions: found by their id, by typed words, and by how near they are."""

from collections.abc import Mapping, Sequence
from math import cos, hypot, radians
from typing import Any

from sqlalchemy.orm import Session

from common.geometry import Position
from forms.fields.base import Side
from forms.fields.offering import OffersOptions
from forms.fields.options import Option, OptionsFrom
from forms.fields.place import PlaceField
from forms.fields.table_options import Finder, option_of
from forms.text.localized import Text
from geo.layer_features import Feature, features_of, public_version, shapes_of
from geo.near_names import name_near
from geo.roadside import strip_along_road
from portal.core.database import city_of
from portal.core.tenancy import plane_of

#: More features of one layer are not offered; the publishing check says so.
MAX_FEATURES = 20_000
_TYPES: Mapping[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "double": (int, float), "string": (str,)}


_MAX_LAYERS = 100
_TOUCHING = frozenset({"intersects", "touches", "covers", "share", "length"})
"""Rules that a place on a road meets; what it must lie inside of is the city itself."""


class _LayerOptions:
    def __init__(self, features: Sequence[Feature], source: OptionsFrom) -> None:
        self.where: dict[str, tuple[float, float]] = {}
        self.shapes: Mapping[str, Mapping[str, Any]] | None = None
        options: dict[str, Option] = {}
        for feature in features:
            option = _option(feature, source)
            if option is not None and option.id not in options:
                options[option.id] = option
                self.where[option.id] = (feature.lon, feature.lat)
        self.finder = Finder(sorted(options.values(), key=lambda option: option.label.ja))


#: By city, version of the layer and what is taken of it: a changed layer is another.
_layers: dict[tuple[str, int, OptionsFrom], _LayerOptions] = {}


class CityFeatures:
    """The features that residents may see, read once for every version of a layer."""

    def __init__(self, session: Session, kept: Mapping[str, Any] | None = None) -> None:
        """`kept` are answers that were sent already: an option among them stays what it was, whatever became of the feature."""
        self._session = session
        self._kept = kept or {}

    def find(self, question: OffersOptions, option_id: str) -> Option | None:
        """The option of an id; None where the layer has none."""
        answer = self._kept.get(question.id)
        for value in answer if isinstance(answer, list) else [answer]:
            option = question.chosen(value)
            if option is not None and option.id == option_id:
                return option
        layer = self._layer(question)
        return layer.finder.by_id.get(option_id) if layer else None

    def search(self, question: OffersOptions, text: str, most: int, near: Mapping[str, Any] | None) -> Sequence[Option]:
        """The options in which the typed words stand, the nearest to a place first where one is given."""
        layer = self._layer(question)
        if layer is None:
            return ()
        if near is None:
            return layer.finder.search(text, most, lambda _: True)
        hits = layer.finder.search(text, MAX_FEATURES, lambda _: True)
        lon, lat = _middle(near["geometry"])
        shrink = cos(radians(lat))

        def distance(option: Option) -> float:
            x, y = layer.where[option.id]
            return hypot((x - lon) * shrink, y - lat)

        return sorted(hits, key=distance)[:most]

    def shapes(self, question: OffersOptions, most: int) -> Sequence[tuple[Option, Mapping[str, Any]]]:
        """Every option with its shape as GeoJSON, by name; nothing where the layer has more than so many features."""
        source, layer = question.source, self._layer(question)
        if source is None or layer is None or len(layer.finder.by_id) > most:
            return ()
        if layer.shapes is None:
            rows = shapes_of(self._session, source.layer or "", most)
            layer.shapes = {str(properties.get(source.id or "")).strip(): shape for properties, shape in rows}
        return [(option, layer.shapes[option.id]) for option in layer.finder.options if option.id in layer.shapes]

    def name_near(self, position: Position) -> str:
        """What a place is called after what is nearest; empty where the map knows no name."""
        return name_near(self._session, position)

    def strip(
        self, question: PlaceField, position: Position, length: float, width: float, side: Side
    ) -> list[Position] | None:
        """The ring of a strip along a side of the road at a position, of the roads that the rules of a place speak of."""
        roads = list(dict.fromkeys(rule.layer for rule in question.rules if rule.layer and rule.kind in _TOUCHING))
        return strip_along_road(self._session, roads, position, length, width, side, plane=plane_of(self._session))

    def _layer(self, question: OffersOptions) -> _LayerOptions | None:
        source = question.source
        version = public_version(self._session, source.layer) if source and source.layer else None
        if version is None or source is None:
            return None
        key = (city_of(self._session), version, source)
        if key not in _layers:
            while len(_layers) >= _MAX_LAYERS:
                _layers.pop(next(iter(_layers)), None)
            _layers[key] = _LayerOptions(features_of(self._session, source.layer or "", MAX_FEATURES), source)
        return _layers[key]


def _option(feature: Feature, source: OptionsFrom) -> Option | None:
    """A feature as an option; None where it has no id, no name, or a value of another type."""
    properties = feature.properties
    option_id, label = (str(properties.get(name or "") or "").strip() for name in (source.id, source.label))
    values = {value.as_: properties.get(value.property) for value in source.values}
    sound = all(
        isinstance(values[value.as_], _TYPES[value.type])
        and (value.type == "bool" or not isinstance(values[value.as_], bool))
        for value in source.values
    )
    if not option_id or not label or not sound or len(option_id) > 200:
        return None
    text = Text.of(label[:200])
    english = str(properties.get(source.label_en or "") or "").strip()
    if english:
        text.root["en"] = english[:200]
    helped = str(properties.get(source.help or "") or "").strip()
    return option_of(option_id, text, values, help=Text.of(helped[:200]) if helped else None)


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """A point in the middle of the corners of a drawn place."""
    positions: list[Any] = []
    waiting = [geometry["coordinates"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part[0], int | float):
            positions.append(part)
        else:
            waiting.extend(part)
    count = len(positions)
    return sum(position[0] for position in positions) / count, sum(position[1] for position in positions) / count
