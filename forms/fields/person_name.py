"""`person_name`: family and given name."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.parts import PartsField
from writing.folding import ANSWER, single_spaces


class PersonNameField(PartsField):
    """A name as its owner writes it. Variants (髙, 﨑, a kanji with a variation selector) are never folded.

    Somebody with one name only, or a name in Latin letters, may leave the given name empty.
    """

    type: Literal["person_name"]

    parts = ("family", "given")
    optional = frozenset({"given"})

    @override
    def tidy(self, part: str, text: str) -> str:
        return single_spaces(ANSWER(text))

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return " ".join(self.texts(value).values())
