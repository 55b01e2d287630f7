"""`text`: an answer of one line."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.fields.string_value import StringValue
from forms.fields.text_limits import text_errors
from forms.text.identifiers import IDENTIFIERS, Format, identifier_fault, parse_identifier
from forms.text.localized import Text
from forms.text.patterns import fits, is_pattern
from writing.folding import ANSWER, single_spaces


class TextField(StringValue, SingleInput):
    """A line of text. Letters, digits and half-width kana get their usual width; the rest stays as typed."""

    type: Literal["text"]
    #: What a good answer looks like, shown under the label (例：柴犬).
    example: Text | None = None
    max_length: int = Field(200, ge=1, le=2000)
    min_length: int = Field(0, ge=0, le=2000)
    #: A regular expression (RE2) that the whole answer must fit, and what the applicant reads where it does not.
    pattern: str | None = Field(None, min_length=1, max_length=200)
    pattern_message: Text | None = None
    #: A number that a register gives, with its check digit where its rule is public.
    format: Format | None = None
    #: What the browser may fill in (`organization`, `off` …), as in the HTML attribute.
    autocomplete: str | None = Field(None, pattern=r"^[a-z][a-z0-9 -]*$")

    @model_validator(mode="after")
    def _pattern_is_one(self) -> Self:
        if self.pattern is not None and not is_pattern(self.pattern):
            raise ValueError("pattern を正規表現として読めません。例：[0-9]{15}")
        if self.pattern_message is not None and self.pattern is None:
            raise ValueError("pattern_message だけでは働きません。pattern も書いてください。")
        if self.format is not None and self.pattern is not None:
            raise ValueError("format と pattern は、どちらか1つだけを書いてください。")
        return self

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        if self.format is not None:
            return Reading(parse_identifier(text) or None)
        return Reading(ANSWER(single_spaces(text)) or None)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        text = self.written(value)
        return IDENTIFIERS[self.format].shown(text) if self.format is not None else text

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            return [FieldError("malformed")]
        errors = text_errors(value, max_length=self.max_length, min_length=self.min_length)
        if not errors and self.pattern is not None and not fits(value, self.pattern):
            return [FieldError("pattern", text=self.pattern_message)]
        if not errors and self.format is not None and (fault := identifier_fault(value, self.format)):
            return [FieldError(self.format if fault == "form" else fault)]
        return errors
