"""`choices`: any number of several options."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.options import ids_differ, value_types
from forms.fields.reader import FormReader
from forms.fields.several_options import SeveralOptions
from forms.text.ways import ways_of

#: Nobody ticks more.
_MAX_TICKED = 1000


class ChoicesField(SeveralOptions):
    """Options ticked, in the order of the definition; at least `min` of them if the question must be answered."""

    type: Literal["choices"]
    min: int = Field(1, ge=0)
    max: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _options_suffice(self) -> Self:
        if self.written_options:
            ids_differ(self.written_options)
            value_types(self.written_options)
        too_many = bool(self.written_options) and self.min > len(self.written_options)
        if too_many or (self.max is not None and self.max < self.min):
            raise ValueError("min と max が、選択肢の数に合っていません。")
        return self

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        ticked = list(dict.fromkeys(text for text in form.texts() if text))
        if not ticked:
            return self.absent()
        options = [self.find(option_id, context) for option_id in ticked[: _MAX_TICKED + 1]]
        chosen = [option for option in options if option is not None]
        if len(chosen) < len(ticked):
            return Reading(None, (FieldError("choice"),))
        if self.written_options:
            chosen.sort(key=list(self.written_options).index)
        value: list[JsonValue] = [self.answer(option) for option in chosen]
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list):
            return [FieldError("malformed")]
        ids = [self.id_of(item) for item in value]
        if len(ids) > _MAX_TICKED or "" in ids or len(set(ids)) < len(ids):
            return [FieldError("choice")]
        if self.written_options and ids != [option.id for option in self.written_options if option.id in ids]:
            return [FieldError("choice")]
        for item in value:
            if errors := self.option_errors(item, context):
                return errors
        if len(value) < self.min:
            return [FieldError("choices_min", values={"min": self.min})]
        if self.max is not None and len(value) > self.max:
            return [FieldError("choices_max", values={"max": self.max})]
        return []

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        ids = self.ids_of(value)
        return {"": ids} if ids else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return ways_of(language).listed(
            [option.label.for_language(language) for option in self.options_of(value) if option]
        )
