"""The word that follows a counted number: `{ja: 通, en: {one: copy, other: copies}}`, one form for each plural of the CLDR."""

from collections.abc import Mapping
from numbers import Real
from typing import Any, Self

from pydantic import (
    ModelWrapValidatorHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

from forms.text.localized import LANGUAGES, Text
from forms.text.phrases import plural_forms, translated
from forms.text.ways import ways_of


class Unit(Text):
    """What is counted. As a text it is the form of several; `counted` takes the one that fits a number."""

    _forms: Mapping[str, Mapping[str, str]] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _forms_are_kept(cls, written: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(written, str):
            written = {**translated(written), **plural_forms().get(written.strip(), {})}
        if not isinstance(written, Mapping):
            return handler(written)
        forms = {language: dict(words) for language, words in written.items() if isinstance(words, Mapping)}
        for language, words in forms.items():
            _refuse_unknown(language, words)
        unit = handler({**written, **{language: words["other"] for language, words in forms.items()}})
        unit._forms = forms
        return unit

    @model_serializer(mode="wrap")
    def _forms_are_written(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {**written(self), **self._forms}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A language has a text or its forms."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        text = schema["additionalProperties"]
        one_or_forms = {"anyOf": [text, {"type": "object", "additionalProperties": text, "required": ["other"]}]}
        return {**schema, "additionalProperties": one_or_forms}

    def word_for(self, value: object, language: str) -> str:
        """The word beside that number; that of several beside anything else."""
        forms = self._forms.get(language)
        if forms is None:
            return self.for_language(language)
        return forms.get(_category(value, language), forms["other"])

    def counted(self, value: object, written: str, language: str) -> str:
        """A number, as it is written there, with its word: 3通, 1 copy."""
        return ways_of(language).with_unit(written, self.word_for(value, language))

    @override
    def every_form(self) -> tuple[str, ...]:
        return (*super().every_form(), *(word for forms in self._forms.values() for word in forms.values()))


def _category(value: object, language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, Real):
        return "other"
    number = float(value)
    return ways_of(language).plural_category(int(number) if number.is_integer() else number)


def _refuse_unknown(language: str, words: Mapping[str, object]) -> None:
    if language not in LANGUAGES:
        return
    known = ways_of(language).plural_categories
    if "other" not in words or not set(words) <= known or not all(isinstance(word, str) for word in words.values()):
        names = "、".join(sorted(known))
        raise ValueError(f"{language} の単位の形は、{names} で書き分けます。other は必要です。")
