"""`ranking`: several options in the order in which they are wished for (第1希望, 第2希望)."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.options import ids_differ, value_types
from forms.fields.reader import FormReader
from forms.fields.several_options import SeveralOptions
from forms.text.messages import message


class RankingField(SeveralOptions):
    """Options in an order, none of them twice and no place left out: at least `min` of them, at most `max`."""

    type: Literal["ranking"]
    min: int = Field(1, ge=0, le=20)
    max: int = Field(3, ge=1, le=20)

    @model_validator(mode="after")
    def _places_suffice(self) -> Self:
        if self.written_options:
            ids_differ(self.written_options)
            value_types(self.written_options)
        if self.min > self.max or (self.written_options and self.min > len(self.written_options)):
            raise ValueError("min と max が、選択肢の数に合っていません。")
        if self.display is not None or (self.source is not None and self.source.layer is not None):
            raise ValueError("ranking には、display と layer の選択肢は書けません。")
        return self

    @property
    @override
    def is_searched(self) -> bool:
        return False

    @property
    def places(self) -> range:
        """The places from the first wish, as many as there can be."""
        return range(1, min(self.max, len(self.written_options) or self.max) + 1)

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        texts = {place: form.text(str(place)).strip() for place in self.places}
        filled = [place for place, text in texts.items() if text]
        if not filled:
            return self.absent()
        errors: list[FieldError] = []
        value: list[JsonValue] = []
        for place in range(1, filled[-1] + 1):
            option = self.find(texts[place], context) if texts[place] else None
            if option is None:
                errors.append(FieldError("choice" if texts[place] else "ranking_gap", str(place)))
            else:
                value.append(self.answer(option))
        errors = errors or self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list) or len(value) > self.places[-1]:
            return [FieldError("malformed")]
        ids = [self.id_of(item) for item in value]
        errors = [
            error.under(str(place))
            for place, item in enumerate(value, start=1)
            for error in self.option_errors(item, context)
        ]
        errors += [
            FieldError("ranking_twice", str(place))
            for place, option_id in enumerate(ids, start=1)
            if option_id and option_id in ids[: place - 1]
        ]
        if not errors and len(value) < self.min:
            errors.append(FieldError("ranking_min", values={"min": self.min}))
        return errors

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {str(place): option_id for place, option_id in enumerate(self.ids_of(value), start=1)}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return "\n".join(
            message("ranked", language, place=place, name=option.label.for_language(language))
            for place, option in enumerate(self.options_of(value), start=1)
            if option
        )
