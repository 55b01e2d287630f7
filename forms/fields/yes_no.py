"""`yes_no`: はい or いいえ."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.localized import Text
from forms.text.messages import message

_VALUES = {"yes": True, "no": False}


class YesNoField(SingleInput):
    """A question answered by yes or no; `yes` and `no` may replace the labels."""

    missing_code: ClassVar[str] = "choice_missing"
    type: Literal["yes_no"]
    yes: Text | None = None
    no: Text | None = None

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(_VALUES[text]) if text in _VALUES else Reading(None, (FieldError("choice"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return [] if isinstance(value, bool) else [FieldError("malformed")]

    @override
    def written(self, value: JsonValue) -> str:
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else ""

    @override
    def show(self, value: JsonValue, language: str) -> str:
        if not isinstance(value, bool):
            return ""
        return self.word(value, language)

    def word(self, value: bool, language: str) -> str:
        """Return the label of one of the two answers."""
        own = self.yes if value else self.no
        return own.for_language(language) if own else message("yes" if value else "no", language)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "bool"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, bool) else {}
