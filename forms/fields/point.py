"""`point`: one spot, such as where a road is broken."""

from typing import Literal

from typing_extensions import override

from common.geometry import Position, drawn, geojson
from forms.fields.base import ReadContext
from forms.fields.place import Given, PlaceField, named_position, position
from forms.fields.reader import FormReader
from forms.text.messages import message


class PointField(PlaceField):
    """A spot on the map; typed as `lat` and `lon`, or chosen from the places that an address or a name may mean."""

    type: Literal["point"]

    geometry_type = "Point"

    @override
    def given(self, form: FormReader, context: ReadContext) -> Given | None:
        lat, lon = form.text("lat").strip(), form.text("lon").strip()
        if lat or lon:
            return Given(drawn(geojson("Point", [position(lat, lon)]), "Point"))
        candidate = named_position(form.text("found"))
        return Given([candidate[0]], "address", candidate[1]) if candidate else None

    @override
    def typed_inputs(self, place: list[Position]) -> dict[str, str | list[str]]:
        [(lon, lat)] = place
        return {"lon": str(lon), "lat": str(lat)}

    @override
    def describe(self, place: list[Position], language: str) -> str:
        [(lon, lat)] = place
        return message("shown_point", language, lat=f"{lat:.6f}", lon=f"{lon:.6f}")
