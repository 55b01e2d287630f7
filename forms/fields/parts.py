"""The shape shared by fields of several inputs whose value is a mapping of texts: names, addresses, bank accounts."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.fields.single import MAX_INPUT_LENGTH
from forms.fields.text_limits import text_errors
from forms.text.safety import one_line


class PartsField(FieldType):
    """A field of several inputs. `parts` names them in order; those in `optional` may stay empty and are then absent."""

    parts: ClassVar[tuple[str, ...]]
    optional: ClassVar[frozenset[str]] = frozenset()
    #: Longest text of a part, in grapheme clusters.
    max_part_length: ClassVar[int] = 100

    @abstractmethod
    def tidy(self, part: str, text: str) -> str:
        """The canonical writing of what was typed into a part. What cannot be corrected comes back as it is."""

    def part_errors(self, part: str, text: str) -> list[FieldError]:  # noqa: ARG002 - fields with parts of their own rules use it
        """What is wrong with the canonical text of one part, beyond its length and characters."""
        return []

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        typed = {part: one_line(form.text(part)) for part in self.parts}
        if not any(typed.values()):
            return self.absent()
        value: dict[str, JsonValue] = {
            part: self.tidy(part, text) if len(text) <= MAX_INPUT_LENGTH else text
            for part, text in typed.items()
            if text
        }
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, dict) or not value.keys() <= set(self.parts):
            return [FieldError("malformed")]
        errors: list[FieldError] = []
        for part in self.parts:
            text = value.get(part)
            if text is None and part not in self.optional:
                errors.append(FieldError(f"{part}_missing", part))
            elif text is not None:
                errors += self._errors_of(part, text)
        return errors

    def _errors_of(self, part: str, text: object) -> list[FieldError]:
        if not isinstance(text, str) or not text.strip() or "\n" in text:
            return [FieldError("malformed", part)]
        errors = text_errors(text, max_length=self.max_part_length) or self.part_errors(part, text)
        return [error.under(part) for error in errors]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return dict(self.texts(value))

    def texts(self, value: object) -> dict[str, str]:
        """The parts that a value has, whatever the value."""
        if not isinstance(value, dict):
            return {}
        return {part: text for part in self.parts if isinstance(text := value.get(part), str) and text}

    @override
    def cel_types(self) -> dict[str, CelType]:
        return dict.fromkeys(self.parts, "string")

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        texts = self.texts(value)
        return {part: texts.get(part, "") for part in self.parts} if texts else {}
