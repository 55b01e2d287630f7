"""`line`: a course, such as a cable or a walk."""

from typing import Literal

from pydantic import Field
from typing_extensions import override

from common.geometry import Position, drawn
from forms.fields.base import FieldError, ReadContext
from forms.fields.place import Given, PlaceField, positions
from forms.fields.reader import FormReader
from forms.text.messages import message


class LineField(PlaceField):
    """A line on the map, no longer than `max_length_m` metres; typed as positions, one a line."""

    type: Literal["line"]
    max_length_m: float | None = Field(None, gt=0, allow_inf_nan=False)

    geometry_type = "LineString"

    @override
    def given(self, form: FormReader, context: ReadContext) -> Given | None:
        text = form.text("coordinates")
        if not text.strip():
            return None
        return Given(drawn({"type": "LineString", "coordinates": positions(text)}, "LineString"))

    @override
    def limit_errors(self, place: list[Position], context: ReadContext) -> list[FieldError]:
        if self.max_length_m is None:
            return []
        length = context.plane_at(place[0]).length(place)
        if length < self.max_length_m + 0.05:  # as shown, to the tenth
            return []
        return [FieldError("line_long", values={"max": f"{self.max_length_m:g}", "now": f"{length:.1f}"})]

    @override
    def describe(self, place: list[Position], language: str) -> str:
        return message("shown_line", language, count=len(place))
