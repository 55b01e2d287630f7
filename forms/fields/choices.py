"""`choices`: any number of several options."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.options import Option, ids_differ
from forms.fields.reader import FormReader
from forms.text.ways import ways_of


class ChoicesField(FieldType):
    """Options ticked, in the order of the definition; at least `min` of them if the question must be answered."""

    type: Literal["choices"]
    options: list[Option] = Field(min_length=1, max_length=300)
    min: int = Field(1, ge=0)
    max: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _options_suffice(self) -> Self:
        ids_differ(self.options)
        if self.min > len(self.options) or (self.max is not None and self.max < self.min):
            raise ValueError("min と max が、選択肢の数に合っていません。")
        return self

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        ticked = {text for text in form.texts() if text}
        if not ticked:
            return self.absent()
        if not ticked <= {option.id for option in self.options}:
            return Reading(None, (FieldError("choice"),))
        value: list[JsonValue] = [option.id for option in self.options if option.id in ticked]
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list):
            return [FieldError("malformed")]
        if value != [option.id for option in self.options if option.id in value]:
            return [FieldError("choice")]
        if len(value) < self.min:
            return [FieldError("choices_min", values={"min": self.min})]
        if self.max is not None and len(value) > self.max:
            return [FieldError("choices_max", values={"max": self.max})]
        return []

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {"": [item for item in value if isinstance(item, str)]} if isinstance(value, list) else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        if not isinstance(value, list):
            return ""
        labels = [option.label.for_language(language) for option in self.options if option.id in value]
        return ways_of(language).listed(labels)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "list<string>"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"": [item for item in value if isinstance(item, str)]} if isinstance(value, list) else {}
