"""`integer`: a whole number, such as a count of people or sheets."""

from collections.abc import Collection, Mapping
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.localized import Text, words_of
from forms.text.numbers import MAX_NUMBER, parse_integer
from forms.text.safety import holds_my_number
from forms.text.units import Unit


class WholeNumber(SingleInput):
    """What `integer` and `money` share: a whole number between `min` and `max`."""

    #: What a good answer looks like, shown under the label (例：柴犬).
    example: Text | None = None
    min: int = Field(0, ge=-MAX_NUMBER, le=MAX_NUMBER)
    max: int = Field(MAX_NUMBER, ge=-MAX_NUMBER, le=MAX_NUMBER)

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        return self

    @property
    def units(self) -> Collection[str]:
        """The units that may follow the number."""
        return ()

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        number = parse_integer(text, self.units)
        return Reading(number) if number is not None else Reading(None, (FieldError("integer"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, int) or isinstance(value, bool):
            return [FieldError("malformed")]
        if value < self.min:
            return [FieldError("number_min", values={"min": f"{self.min:,}"})]
        if value > self.max:
            return [FieldError("number_max", values={"max": f"{self.max:,}"})]
        return []

    @override
    def written(self, value: JsonValue) -> str:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "int"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": value} if isinstance(value, int) and abs(value) <= MAX_NUMBER else {}


class IntegerField(WholeNumber):
    """A whole number with the word that follows it (通, 匹)."""

    type: Literal["integer"]
    unit: Unit | None = None

    @property
    @override
    def units(self) -> Collection[str]:
        return words_of(self.unit)

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        errors = super().check(value, context)
        return errors or ([FieldError("my_number")] if value is not None and holds_my_number(str(value)) else [])

    @override
    def show(self, value: JsonValue, language: str) -> str:
        if not isinstance(value, int):
            return ""
        return self.unit.counted(value, f"{value:,}", language) if self.unit else f"{value:,}"
