"""`number`: a measured number with decimals, such as a depth or a width."""

import math
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.text.localized import Text, words_of
from forms.text.numbers import parse_number, plain
from forms.text.units import Unit


class NumberField(SingleInput):
    """A finite number between `min` and `max`, with at most `decimals` places."""

    type: Literal["number"]
    #: What a good answer looks like, shown under the label (例：柴犬).
    example: Text | None = None
    min: float = Field(0.0, allow_inf_nan=False)
    max: float = Field(1e9, allow_inf_nan=False)
    decimals: int = Field(2, ge=0, le=6)
    unit: Unit | None = None

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        return self

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        number = parse_number(text, words_of(self.unit))
        return Reading(number) if number is not None else Reading(None, (FieldError("number"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            return [FieldError("malformed")]
        if value < self.min:
            return [FieldError("number_min", values={"min": plain(self.min)})]
        if value > self.max:
            return [FieldError("number_max", values={"max": plain(self.max)})]
        if not math.isclose(value, round(float(value), self.decimals), rel_tol=1e-12, abs_tol=1e-12):
            return [FieldError("number_decimals" if self.decimals else "integer", values={"decimals": self.decimals})]
        return []

    @override
    def written(self, value: JsonValue) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            return ""
        return plain(float(value))

    @override
    def show(self, value: JsonValue, language: str) -> str:
        written = self.written(value)
        return f"{written} {self.unit.word_for(value, language)}" if written and self.unit else written

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "double"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            return {}
        return {"": float(value)}


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
