"""`group`: the same few questions for each of several things (children, items of waste)."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.path import joined
from forms.fields.reader import FormReader
from forms.fields.simple import SimpleField
from forms.text.localized import Text

_PLACES = frozenset({"point", "line", "polygon"})
_UPLOADS = frozenset({"file", "photo"})


class GroupField(FieldType):
    """Rows of the fields `fields`, from `min` to `max` of them; `row` names one row (「お子さん」).

    A row in which nothing was answered does not count, so an empty last row needs no deleting.
    """

    type: Literal["group"]
    fields: list[SimpleField] = Field(min_length=1, max_length=20)
    min: int = Field(1, ge=0, le=100)
    max: int = Field(10, ge=1, le=100)
    row: Text | None = None

    @model_validator(mode="after")
    def _rows_are_possible(self) -> Self:
        if self.min > self.max:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        ids = [field.id for field in self.fields]
        if len(ids) != len(set(ids)):
            raise ValueError("くり返しの中に、同じ id の質問が2つあります。")
        places = [field.id for field in self.fields if field.type in _PLACES]
        if places:
            raise ValueError(f"地図の質問（{'、'.join(places)}）は、くり返しの中に置けません。")
        uploads = [field.id for field in self.fields if field.type in _UPLOADS]
        if uploads:
            raise ValueError(f"ファイルと写真の質問（{'、'.join(uploads)}）は、くり返しの中に置けません。")
        return self

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        rows: list[JsonValue] = []
        errors: list[FieldError] = []
        shown: list[str] = []
        posted = [number for number in form.rows() if _is_filled(form.within(str(number)))]
        for number in posted:
            row, row_errors, conditional = self._read_row(form.within(str(number)), context)
            rows.append(row)
            errors += [error.under(str(number)) for error in row_errors]
            shown += [f"{number}.{field_id}" for field_id in conditional]
        if not rows:
            return self.absent()
        errors += self._count_errors(len(rows))
        return Reading(None if errors else rows, tuple(errors), tuple(shown))

    def _read_row(
        self, form: FormReader, context: ReadContext
    ) -> tuple[dict[str, JsonValue], list[FieldError], list[str]]:
        """One row as far as it goes: its answers, what to correct, and the conditional questions that it shows."""
        readings = {field.id: field.read(form.within(field.id), context) for field in self.fields}
        typed: dict[str, JsonValue] = {
            field_id: reading.value for field_id, reading in readings.items() if reading.value is not None
        }
        shown = context.shown_in_row(self, typed)
        row = {field.id: typed[field.id] for field in shown if field.id in typed}
        errors = [
            error.under(field.id)
            for field in shown
            for error in readings[field.id].errors or ([] if field.id in typed else field.missing())
        ]
        return row, errors, [field.id for field in shown if field.show_when]

    def _count_errors(self, count: int) -> list[FieldError]:
        if count < self.min:
            return [FieldError("rows_min", values={"min": self.min})]
        if count > self.max:
            return [FieldError("rows_max", values={"max": self.max})]
        return []

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("rows_min", values={"min": max(self.min, 1)})] if self.required and self.min else []

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return [FieldError("malformed")]
        errors = self._count_errors(len(value))
        for number, row in enumerate(value[: self.max]):
            errors += [error.under(str(number)) for error in self._check_row(row, context)]
        return errors

    def _check_row(self, row: dict[str, JsonValue], context: ReadContext) -> list[FieldError]:
        if not set(row) <= {field.id for field in self.fields}:
            return [FieldError("malformed")]
        errors: list[FieldError] = []
        for field in context.shown_in_row(self, row):
            errors += [error.under(field.id) for error in field.check(row.get(field.id), context)]
        return errors

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        filled: dict[str, str | list[str]] = {}
        for number, row in enumerate(rows_of(value)):
            for field in self.fields:
                for part, text in field.inputs(row.get(field.id)).items():
                    filled[joined(f"{number}.{field.id}", part)] = text
        return filled

    @override
    def show(self, value: JsonValue, language: str) -> str:
        lines = []
        for row in rows_of(value):
            shown = [field.show(row.get(field.id), language) for field in self.fields]
            lines.append((", " if language == "en" else "、").join(text for text in shown if text))
        return "\n".join(lines)


def rows_of(value: object) -> list[dict[str, JsonValue]]:
    """The rows of a group's value, whatever the value."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _is_filled(form: FormReader) -> bool:
    return any(
        text.strip() for values in form.raw().values() for text in ([values] if isinstance(values, str) else values)
    )
