"""`consent`: a statement that the applicant agrees to."""

from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.localized import Text
from forms.text.messages import message


class ConsentField(SingleInput):
    """A box to tick; the only answer is true. `text` is the text beside the box."""

    type: Literal["consent"]
    text: Text

    takes_default = False

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(True) if text == "yes" else Reading(None, (FieldError("malformed"),))

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("consent")] if self.required else []

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return [] if value is True else [FieldError("malformed")]

    @override
    def written(self, value: JsonValue) -> str:
        return "yes" if value is True else ""

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return message("agreed", language) if value is True else ""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "bool"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value is True}
