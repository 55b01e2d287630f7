"""`point`: one spot, such as where a road is broken."""

from typing import Literal

from typing_extensions import override

from common.geometry import Position, drawn, geojson
from forms.fields.base import ReadContext
from forms.fields.place import PlaceField, position
from forms.fields.reader import FormReader
from forms.text.messages import message


class PointField(PlaceField):
    """A spot on the map; typed as `lat` and `lon`, or taken from an address whose candidate fills them."""

    type: Literal["point"]

    geometry_type = "Point"

    @override
    def typed(self, form: FormReader, context: ReadContext) -> list[Position] | None:
        lat, lon = form.text("lat").strip(), form.text("lon").strip()
        return drawn(geojson("Point", [position(lat, lon)]), "Point") if lat or lon else None

    @override
    def typed_inputs(self, place: list[Position]) -> dict[str, str | list[str]]:
        [(lon, lat)] = place
        return {"lon": str(lon), "lat": str(lat)}

    @override
    def describe(self, place: list[Position], language: str) -> str:
        [(lon, lat)] = place
        return message("shown_point", language, lat=f"{lat:.6f}", lon=f"{lon:.6f}")
