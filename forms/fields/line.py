"""`line`: a course, such as a cable or a walk."""

from typing import Literal

from pydantic import Field
from typing_extensions import override

from forms.fields import geojson, metres
from forms.fields.base import Problem
from forms.fields.geojson import Position
from forms.fields.place import PlaceField, positions
from forms.fields.reader import FormReader
from forms.text.messages import message


class LineField(PlaceField):
    """A line on the map, no longer than `max_length_m` metres; typed as positions, one a line."""

    type: Literal["line"]
    max_length_m: float | None = Field(None, gt=0, allow_inf_nan=False)

    geometry_type = "LineString"

    @override
    def typed(self, form: FormReader) -> list[Position] | None:
        text = form.text("coordinates")
        return geojson.line(positions(text)) if text.strip() else None

    @override
    def limit_problems(self, place: list[Position]) -> list[Problem]:
        length = metres.length(place)
        if self.max_length_m is None or length < self.max_length_m + 0.05:  # as shown, to the tenth
            return []
        return [Problem("line_long", values={"max": f"{self.max_length_m:g}", "now": f"{length:.1f}"})]

    @override
    def words(self, place: list[Position], language: str) -> str:
        return message("shown_line", language, count=len(place))
