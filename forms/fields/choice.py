"""`choice`: one of several options."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.options import Option, ids_differ, value_types
from forms.fields.single import SingleInput

#: More options than this are shown as a drop-down list; fewer as cards.
CARDS_UP_TO = 8


class ChoiceField(SingleInput):
    """One option, as cards (radio buttons) or, when there are many, as a list."""

    type: Literal["choice"]
    options: list[Option] = Field(min_length=1, max_length=300)
    display: Literal["cards", "list"] | None = None

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        ids_differ(self.options)
        value_types(self.options)
        return self

    @property
    def as_list(self) -> bool:
        """Whether the options are shown as a drop-down list."""
        return self.display == "list" or (self.display is None and len(self.options) > CARDS_UP_TO)

    def option(self, value: object) -> Option | None:
        """The option of an id."""
        return next((option for option in self.options if option.id == value), None)

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(text) if self.option(text) else Reading(None, (FieldError("choice"),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        return [] if self.option(value) else [FieldError("choice")]

    @override
    def show(self, value: JsonValue, language: str) -> str:
        option = self.option(value)
        return option.label.for_language(language) if option else ""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string", **value_types(self.options)}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        option = self.option(value)
        return {"": option.id, **option.values} if option else {}
