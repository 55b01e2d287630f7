"""`person_kana`: the reading of a name (フリガナ)."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError
from forms.fields.parts import PartsField
from forms.text.kana import is_katakana, is_latin_name, to_katakana


class PersonKanaField(PartsField):
    """A reading in full-width katakana; hiragana and half-width kana are turned into it.

    Whose name is written in Latin letters and has no reading gives it as it is, as city halls keep it of foreign residents.
    """

    type: Literal["person_kana"]

    parts = ("family", "given")
    optional = frozenset({"given"})

    @override
    def tidy(self, part: str, text: str) -> str:
        return to_katakana(text)

    @override
    def part_errors(self, part: str, text: str) -> list[FieldError]:
        return [] if is_katakana(text) or is_latin_name(text) else [FieldError("kana")]

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return " ".join(self.texts(value).values())
