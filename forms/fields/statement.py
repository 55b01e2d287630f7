"""`statement`: a text without a question."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.definition.strict_model import Key
from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.text.localized import Text


class StatementField(FieldType):
    """A note on a page; `tone` chooses how it looks. It has no answer.

    `leads_to` is another procedure that is to be done too, or instead: who takes it stands below, with telephone and place.
    """

    type: Literal["statement"]
    text: Text
    tone: Literal["info", "warn"] = "info"
    leads_to: Key | None = None
    required: bool = False

    is_question = False
    takes_default = False

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        return Reading()

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        return [] if value is None else [FieldError("malformed")]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return ""
