"""The shape shared by fields that are one input: typed text in, one canonical value out."""

from abc import abstractmethod

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.text.safety import has_unprintable, one_line

#: A typed number, date or address is never longer than this; longer input is rejected unread.
MAX_INPUT_LENGTH = 5000


class SingleInput(FieldType):
    """A field that is one `<input>`. A subclass says how its text is parsed and how a value is written back."""

    @abstractmethod
    def parse(self, text: str, context: ReadContext) -> Reading:
        """Turn typed text (one line, not empty, printable) into a canonical value or the error that forbids it."""

    def written(self, value: JsonValue) -> str:
        """Return the text of the input for a canonical value."""
        return value if isinstance(value, str) else ""

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        text = one_line(form.text())
        if not text:
            return self.absent()
        if len(text) > MAX_INPUT_LENGTH or has_unprintable(text):
            return Reading(None, (FieldError("unprintable" if has_unprintable(text) else "too_long_input"),))
        reading = self.parse(text, context)
        if reading.errors:
            return reading
        if reading.value is None:
            return self.absent()
        errors = self.check(reading.value, context)
        return Reading(None if errors else reading.value, tuple(errors))

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        written = self.written(value)
        return {"": written} if written else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return self.written(value)
