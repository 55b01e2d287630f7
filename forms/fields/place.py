"""The shape shared by `point`, `line` and `polygon`: drawn on the map, or typed without it."""

import json
import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, get_args

from pydantic import Field, JsonValue
from typing_extensions import override

from common.geometry import GeometryError, Position, drawn, geojson
from forms.definition.case_layers import CaseLayer, PublicLayer
from forms.definition.place_rules import LookUp, PlaceRule
from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.fields.text_limits import text_errors
from forms.text.degrees import parse_degrees, parse_position
from forms.text.safety import one_line
from writing.folding import ANSWER

#: How the applicant gave the place: drawn, typed, from an address, the device's position, a land parcel.
Source = Literal["drawn", "text", "address", "device", "parcel"]
SOURCES: tuple[str, ...] = get_args(Source)

_PARTS = re.compile(r"[,、，\s]+")
_MAX_JSON_LENGTH = 60_000
_PARTS_OF_VALUE = frozenset({"geometry", "source", "label", "contest"})
MAX_CONTEST = 500
"""Letters in which somebody says what is wrong with the map."""


class TypedPositionError(GeometryError):
    """What was typed instead of drawn is no place. `code` names a text of `messages.yaml`, like those of geometries."""


class PlaceField(FieldType):
    """A place: `{"geometry": GeoJSON, "source": …, "label": text, "contest": text}`, label only where an address was chosen.

    `contest` are the applicant's words where they say that the city's map is wrong: rules about its layers no longer hold the place back.
    Inputs: `geometry` (hidden, written by the map), `source`, `label`; or, without a map, the typed parts. What is
    typed wins, because the hidden input may still hold an older drawing. `rules` and `look_up` need the city's map:
    they are modelled here and judged outside. `case_layer` and
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
    def typed(self, form: FormReader, context: ReadContext) -> list[Position] | None:
        """The place that was typed without a map; None if nothing was. Raises GeometryError."""

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
            place = self.typed(form, context)
            source = "text"
            if place is None:
                if not drawn:
                    return self.absent()
                place, source = self._drawn(drawn), form.text("source") or "drawn"
        except GeometryError as error:
            return Reading(None, (_field_error(error),))
        value: dict[str, JsonValue] = {"geometry": geojson(self.geometry_type, place), "source": source}
        label = ANSWER(one_line(form.text("label")))
        if label and source != "text":
            value["label"] = label
        if contest := one_line(form.text("contest")):
            value["contest"] = contest
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

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
        return label if isinstance(label, str) else self.describe(place, language)

    @abstractmethod
    def describe(self, place: list[Position], language: str) -> str:
        """Return the place as text, for pages without a map."""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"area_m2": "double", "length_m": "double", "lon": "double", "lat": "double"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {name: fact for name in self.cel_types() if (fact := _double(facts.get(name))) is not None}


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
