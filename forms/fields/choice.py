"""`choice`: one of several options."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.offering import OffersOptions
from forms.fields.options import ids_differ, value_types
from forms.fields.single import SingleInput

#: More options than this are shown as a drop-down list; fewer as cards.
CARDS_UP_TO = 8


class ChoiceField(OffersOptions, SingleInput):
    """One option, as cards (radio buttons), as a list when there are many, or looked for by typing."""

    missing_code: ClassVar[str] = "choice_missing"
    type: Literal["choice"]

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        if self.written_options:
            ids_differ(self.written_options)
            value_types(self.written_options, some_unpriced=True)
        return self

    def as_list(self, count: int) -> bool:
        """Whether so many options are shown as a drop-down list."""
        return self.display == "list" or (self.display is None and count > CARDS_UP_TO)

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        option = self.find(text, context)
        return Reading(self.answer(option)) if option else Reading(None, (FieldError("choice"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return self.option_errors(value, context)

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        option_id = self.id_of(value)
        return {"": option_id} if option_id else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        option = self.chosen(value)
        return option.label.for_language(language) if option else ""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string", **self.option_types()}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        option = self.chosen(value)
        return self.option_values(option) if option else {}
