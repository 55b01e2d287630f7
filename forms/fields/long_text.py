"""`long_text`: an answer of several lines."""

from typing import Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.fields.string_value import StringValue
from forms.fields.text_limits import text_errors
from forms.text.localized import Text
from forms.text.safety import clean_lines
from writing.folding import ANSWER


class LongTextField(StringValue, FieldType):
    """A text of several lines; the count that limits it is the one a person sees."""

    type: Literal["long_text"]
    #: What a good answer looks like, shown under the label (例：柴犬).
    example: Text | None = None
    max_length: int = Field(1000, ge=1, le=20_000)
    min_length: int = Field(0, ge=0, le=20_000)
    rows: int = Field(5, ge=2, le=30)

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        text = ANSWER(clean_lines(form.text()))
        if not text:
            return self.absent()
        errors = self.check(text, context)
        return Reading(None if errors else text, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, str) or not value.strip():
            return [FieldError("malformed")]
        return text_errors(value, max_length=self.max_length, min_length=self.min_length)

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {"": value} if isinstance(value, str) else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return value if isinstance(value, str) else ""
