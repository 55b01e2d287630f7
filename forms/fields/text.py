"""`text`: an answer of one line."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.fields.text_limits import text_errors
from writing.folding import ANSWER, single_spaces


class TextField(SingleInput):
    """A line of text. Letters, digits and half-width kana get their usual width; the rest stays as typed."""

    type: Literal["text"]
    max_length: int = Field(200, ge=1, le=2000)
    min_length: int = Field(0, ge=0, le=2000)
    #: What the browser may fill in (`organization`, `off` …), as in the HTML attribute.
    autocomplete: str | None = Field(None, pattern=r"^[a-z][a-z0-9 -]*$")

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(ANSWER(single_spaces(text)) or None)

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            return [FieldError("malformed")]
        return text_errors(value, max_length=self.max_length, min_length=self.min_length)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, str) else {}
