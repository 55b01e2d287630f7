"""`polygon`: an area, such as the part of a road that a scaffold covers."""

from typing import Literal

from pydantic import Field
from typing_extensions import override

from common.geometry import Position, closed, drawn, geojson
from forms.fields.base import FieldError, ReadContext
from forms.fields.place import PlaceField, TypedPositionError, position, positions
from forms.fields.reader import FormReader
from forms.text.messages import message
from forms.text.numbers import parse_number

_SIDES = ("lat", "lon", "length", "width", "bearing")
_MAX_SIDE_M = 10_000


class PolygonField(PlaceField):
    """An area of at most `max_area_m2` square metres.

    Typed as its corners, one a line, or as a rectangle: centre (`lat`, `lon`), `length` and `width` in metres, and the
    `bearing` of its length in degrees from north.
    """

    type: Literal["polygon"]
    max_area_m2: float | None = Field(None, gt=0, allow_inf_nan=False)

    geometry_type = "Polygon"

    @override
    def typed(self, form: FormReader, context: ReadContext) -> list[Position] | None:
        sides = {part: form.text(part).strip() for part in _SIDES}
        if any(sides.values()):  # a page never fills these in beforehand, so they are newer than the corners
            return _rectangle(sides, context)
        corners = form.text("coordinates")
        return _ring(closed(positions(corners))) if corners.strip() else None

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


def _rectangle(sides: dict[str, str], context: ReadContext) -> list[Position]:
    [centre] = drawn(geojson("Point", [position(sides["lat"], sides["lon"])]), "Point")
    along, across = parse_number(sides["length"], ("m",)), parse_number(sides["width"], ("m",))
    bearing = parse_number(sides["bearing"] or "0", ("°", "度"))
    if along is None or across is None or bearing is None:
        raise TypedPositionError("rectangle_numbers")
    if not (0 < along <= _MAX_SIDE_M and 0 < across <= _MAX_SIDE_M and -360 <= bearing <= 360):
        raise TypedPositionError("rectangle_numbers")
    return _ring(context.plane_at(centre).rectangle(centre, along, across, bearing))
