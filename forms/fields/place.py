"""The shape shared by `point`, `line` and `polygon`: drawn on the map, or typed without it."""

import json
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field, JsonValue
from typing_extensions import override

from common.geometry import GeometryError, Position, drawn, geojson, middle_of
from forms.definition.case_layers import CaseLayer, PublicLayer
from forms.definition.place_rules import LookUp, PlaceRule
from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.fields.text_limits import text_errors
from forms.text.degrees import parse_degrees, parse_position
from forms.text.messages import message
from forms.text.safety import one_line
from writing.folding import ANSWER

#: How the applicant gave the place: drawn, typed, from an address, the device's position, a land parcel.
Source = Literal["drawn", "text", "address", "device", "parcel"]
SOURCES: tuple[str, ...] = get_args(Source)
CHOSEN_BY_NAME: frozenset[str] = frozenset({"address", "parcel"})
"""Sources of places whose label was chosen, and is not only what lies near."""

_MEASURES = ("area_m2", "length_m", "lon", "lat")
_TOWN = re.compile("(丁目|[町村])$")
_PARTS = re.compile(r"[,、，\s]+")
_MAX_JSON_LENGTH = 60_000
_PARTS_OF_VALUE = frozenset({"geometry", "source", "label", "contest"})
MAX_CONTEST = 500
"""Letters in which somebody says what is wrong with the map."""


class TypedPositionError(GeometryError):
    """What was typed instead of drawn is no place. `code` names a text of `messages.yaml`, like those of geometries."""


@dataclass(frozen=True, slots=True)
class Given:
    """A place that was given without a drawing: its positions, how, and the name under which it was chosen."""

    positions: list[Position]
    source: str = "text"
    label: str = ""


class PlaceField(FieldType):
    """A place: `{"geometry": GeoJSON, "source": …, "label": text, "contest": text}`. The label is the name under which it was chosen, else
    that of what lies nearest on the city's map.

    `contest` are the applicant's words where they say that the city's map is wrong: rules about its layers no longer hold the place back.
    Inputs: `geometry` (hidden, written by the map), `source`, `label`; or, without a map, `found` (a place that was looked for and
    chosen) and the typed parts. What is typed wins, then what was chosen, because the hidden input may still hold an older
    drawing. `rules` and `look_up` need the city's map: they are modelled here and judged outside. `case_layer` and
    `public_layer` say what the cases tell on maps.
    """

    is_place = True
    takes_default = False
    #: GeoJSON type of the answer, and the code that the map script draws by.
    geometry_type: ClassVar[str]

    rules: list[PlaceRule] = Field(default=[], max_length=20)
    look_up: list[LookUp] = Field(default=[], max_length=20)
    case_layer: CaseLayer | None = None
    public_layer: PublicLayer | None = None

    @abstractmethod
    def given(self, form: FormReader, context: ReadContext) -> Given | None:
        """The place that was given without a drawing; None if none was. Raises GeometryError."""

    def typed_inputs(self, place: list[Position]) -> dict[str, str | list[str]]:
        """What the typed inputs hold for a place that was typed."""
        return {"coordinates": "\n".join(f"{lat}, {lon}" for lon, lat in place)}

    def limit_errors(self, place: list[Position], context: ReadContext) -> list[FieldError]:  # noqa: ARG002 - places that have a size use it
        """Errors of the size of a place, in the metres of the city."""
        return []

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        drawn = form.text("geometry").strip()
        try:
            given = self.given(form, context)
            if given is None:
                if not drawn:
                    return self.absent()
                given = self._as_drawn(drawn, form)
        except GeometryError as error:
            return Reading(None, (_field_error(error),))
        value: dict[str, JsonValue] = {
            "geometry": geojson(self.geometry_type, given.positions),
            "source": given.source,
        }
        if label := ANSWER(one_line(given.label)) or self._name_near(value["geometry"], context):
            value["label"] = label
        if contest := one_line(form.text("contest")):
            value["contest"] = contest
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    def _as_drawn(self, text: str, form: FormReader) -> Given:
        """What the hidden inputs hold; a label is theirs only where a place was chosen by its name, and follows from the map otherwise."""
        source = form.text("source") or "drawn"
        return Given(self._drawn(text), source, form.text("label") if source in CHOSEN_BY_NAME else "")

    def _name_near(self, geometry: Any, context: ReadContext) -> str:
        return context.features.name_near(middle_of(geometry))[:200] if context.features else ""

    def _drawn(self, text: str) -> list[Position]:
        if len(text) > _MAX_JSON_LENGTH:
            raise GeometryError("place_unreadable")
        try:
            place = json.loads(text)
        except (ValueError, RecursionError):
            raise GeometryError("place_unreadable") from None
        return drawn(place, self.geometry_type)

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("place_missing")] if self.required else []

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, dict) or not {"geometry", "source"} <= set(value) <= _PARTS_OF_VALUE:
            return [FieldError("malformed")]
        label, contest = value.get("label", "-"), value.get("contest", "-")
        if value["source"] not in SOURCES or not isinstance(label, str) or not isinstance(contest, str):
            return [FieldError("malformed")]
        try:
            place = drawn(value["geometry"], self.geometry_type)
        except GeometryError as error:
            return [_field_error(error)]
        faults = text_errors(label, max_length=200) or text_errors(contest, max_length=MAX_CONTEST)
        return faults or self.limit_errors(place, context)

    def place_of(self, value: object) -> list[Position] | None:
        """The positions of a canonical value; None for anything that is none."""
        try:
            return drawn(value.get("geometry"), self.geometry_type) if isinstance(value, dict) else None
        except GeometryError:
            return None

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        place = self.place_of(value)
        if place is None or not isinstance(value, dict):
            return {}
        geometry = geojson(self.geometry_type, place)
        filled: dict[str, str | list[str]] = {"geometry": json.dumps(geometry, separators=(",", ":"))}
        filled.update(
            {part: text for part in ("source", "label", "contest") if isinstance(text := value.get(part), str)}
        )
        if value.get("source") == "text":
            filled.update(self.typed_inputs(place))
        return filled

    @override
    def show(self, value: JsonValue, language: str) -> str:
        place = self.place_of(value)
        if place is None or not isinstance(value, dict):
            return ""
        label = value.get("label")
        if not isinstance(label, str):
            return self.describe(place, language)
        is_there = value.get("source") == "parcel" or (value.get("source") == "address" and len(place) == 1)
        return label if is_there else message("shown_near", language, name=label)

    @abstractmethod
    def describe(self, place: list[Position], language: str) -> str:
        """Return the place as text, for pages without a map."""

    @override
    def cel_types(self) -> dict[str, CelType]:
        types: dict[str, CelType] = dict.fromkeys(_MEASURES, "double")
        return types | {"town_only": "bool"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        measures: dict[str, object] = {
            name: fact for name in _MEASURES if (fact := _double(facts.get(name))) is not None
        }
        return measures | {"town_only": _is_town_only(value)}


def _is_town_only(value: JsonValue) -> bool:
    """Whether a place was chosen by the name of a town or 丁目, whose middle it is, and not as a house, a facility or a spot on the map."""
    if not isinstance(value, dict) or value.get("source") not in CHOSEN_BY_NAME:
        return False
    return _TOWN.search(str(value.get("label", ""))) is not None


def named_position(text: str) -> tuple[Position, str] | None:
    """A place that was chosen from those that were found, as its radio button posts it: where it is, and its name."""
    longitude, _, rest = text.partition(",")
    latitude, _, name = rest.partition(",")
    try:
        lon, lat = float(longitude), float(latitude)
        [at] = drawn(geojson("Point", [(lon, lat)]), "Point")
    except (ValueError, GeometryError):
        return None
    return (at, name[:200]) if name else None


def position(latitude: str, longitude: str) -> Position:
    """A typed latitude and longitude as (lon, lat); both may stand in the first box, as they are copied. Raises TypedPositionError."""
    together = parse_position(latitude) if not longitude else None
    if together:
        return together[1], together[0]
    lat, lon = parse_degrees(latitude), parse_degrees(longitude)
    if lat is None or lon is None:
        raise TypedPositionError("place_numbers")
    return lon, lat


def positions(text: str) -> list[Position]:
    """Typed positions, one a line, as `35.69841, 139.41367`. Raises TypedPositionError."""
    coordinates = []
    for row in text.splitlines():
        if not row.strip():
            continue
        place = parse_position(row)
        if place is None:
            raise TypedPositionError("place_numbers" if len(_PARTS.split(row.strip())) == 2 else "place_lines")
        coordinates.append((place[1], place[0]))
    return coordinates


def _field_error(error: GeometryError) -> FieldError:
    return FieldError(error.code, values=error.values)


def _double(fact: object) -> float | None:
    return float(fact) if isinstance(fact, int | float) and not isinstance(fact, bool) else None
