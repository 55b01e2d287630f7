"""`polygon`: an area, such as the part of a road that a scaffold covers."""

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field
from typing_extensions import override

from common.geometry import Position, closed, drawn, geojson
from forms.fields.base import FieldError, ReadContext, Side
from forms.fields.place import Given, PlaceField, TypedPositionError, named_position, position, positions
from forms.fields.reader import FormReader
from forms.text.messages import message
from forms.text.numbers import parse_number

_SIDES = ("lat", "lon", "length", "width", "bearing")
_MAX_SIDE_M = 10_000
SIDES: tuple[Side, ...] = get_args(Side)
_ALONG: Mapping[str, float] = {"near": 90, "north": 90, "south": 90, "east": 0, "west": 0}
"""How the length of a strip runs, in degrees from north, where the map knows no road: a road whose north side is meant runs east."""


class PolygonField(PlaceField):
    """An area of at most `max_area_m2` square metres.

    Typed as its corners, one a line, or as a strip of `length` and `width` in metres: along a `side` of the road at a place that was found
    (`found`), or around a centre (`lat`, `lon`) with the `bearing` of its length in degrees from north.
    """

    type: Literal["polygon"]
    max_area_m2: float | None = Field(None, gt=0, allow_inf_nan=False)

    geometry_type = "Polygon"

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides of a road to choose from."""
        return SIDES

    @override
    def given(self, form: FormReader, context: ReadContext) -> Given | None:
        candidate = named_position(form.text("found"))
        sides = {part: form.text(part).strip() for part in _SIDES}
        if any(sides.values()):  # a page never fills these in beforehand, so they are newer than the corners
            return self._strip(sides, form.text("side"), candidate, context)
        corners = form.text("coordinates")
        if corners.strip():
            return Given(_ring(closed(positions(corners))))
        if candidate and not form.text("geometry").strip():
            raise TypedPositionError("strip_sizes")
        return None

    def _strip(
        self, sides: Mapping[str, str], side: str, candidate: tuple[Position, str] | None, context: ReadContext
    ) -> Given:
        typed = bool(sides["lat"] or sides["lon"])
        if typed:
            [centre] = drawn(geojson("Point", [position(sides["lat"], sides["lon"])]), "Point")
        elif candidate:
            centre = candidate[0]
        else:
            raise TypedPositionError("strip_where")
        along, across = parse_number(sides["length"], ("m",)), parse_number(sides["width"], ("m",))
        turned = parse_number(sides["bearing"] or "0", ("°", "度"))
        if along is None or across is None or turned is None:
            raise TypedPositionError("rectangle_numbers")
        length, width, bearing = float(along), float(across), float(turned)
        if not (0 < length <= _MAX_SIDE_M and 0 < width <= _MAX_SIDE_M and -360 <= bearing <= 360):
            raise TypedPositionError("rectangle_numbers")
        chosen = next((known for known in SIDES if known == side), None)
        ring = None
        if chosen and not typed and not sides["bearing"]:
            ring = context.features.strip(self, centre, length, width, chosen) if context.features else None
            bearing = _ALONG[chosen]
        ring = ring or context.plane_at(centre).rectangle(centre, length, width, bearing)
        return Given(_ring(ring)) if typed or candidate is None else Given(_ring(ring), "address", candidate[1])

    @override
    def limit_errors(self, place: list[Position], context: ReadContext) -> list[FieldError]:
        if self.max_area_m2 is None:
            return []
        area = context.plane_at(place[0]).area(place)
        if area < self.max_area_m2 + 0.005:  # as shown, to the hundredth
            return []
        return [FieldError("polygon_large", values={"max": f"{self.max_area_m2:g}", "now": f"{area:.2f}"})]

    @override
    def describe(self, place: list[Position], language: str) -> str:
        return message("shown_polygon", language, count=len(place) - 1)


def _ring(corners: list[Position]) -> list[Position]:
    return drawn({"type": "Polygon", "coordinates": [corners]}, "Polygon")
