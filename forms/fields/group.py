"""`group`: the same few questions for each of several things (children, items of waste)."""

from typing import Any, Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.path import joined
from forms.fields.reader import FormReader
from forms.fields.simple import SimpleField
from forms.text.localized import Text
from forms.text.ways import ways_of


class GroupField(FieldType):
    """Rows of the fields `fields`, from `min` to `max` of them; `row` names one row (「お子さん」).

    A row in which nothing was answered does not count, so an empty last row needs no deleting.
    """

    takes_default = False

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
        return self

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        posted = [number for number in form.rows() if _is_filled(form.within(str(number)))]
        readings = [self._readings(form.within(str(number)), context) for number in posted]
        typed = [{name: read.value for name, read in row.items() if read.value is not None} for row in readings]
        rows: list[JsonValue] = []
        errors: list[FieldError] = []
        shown: list[str] = []
        for position, number in enumerate(posted):
            fields = context.shown_in_row(self, typed, position)
            rows.append({field.id: typed[position][field.id] for field in fields if field.id in typed[position]})
            errors += [
                error.under(field.id).under(str(number))
                for field in fields
                for error in readings[position][field.id].errors
                or ([] if field.id in typed[position] else field.missing())
            ]
            shown += [f"{number}.{field.id}" for field in fields if field.show_when]
            shown += [f"{number}.{field.id}.{part}" for field in fields for part in readings[position][field.id].shown]
        if not rows:
            return self.absent()
        errors += self._count_errors(len(rows))
        return Reading(None if errors else rows, tuple(errors), tuple(shown), tuple(posted), rows)

    def _readings(self, form: FormReader, context: ReadContext) -> dict[str, Reading]:
        """Every question of one row as it was posted, whether it shows or not."""
        return {field.id: field.read(form.within(field.id), context) for field in self.fields}

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
        for number in range(min(len(value), self.max)):
            errors += [error.under(str(number)) for error in self._check_row(value, number, context)]
        return errors

    def _check_row(self, rows: list[dict[str, JsonValue]], number: int, context: ReadContext) -> list[FieldError]:
        row = rows[number]
        if not set(row) <= {field.id for field in self.fields}:
            return [FieldError("malformed")]
        errors: list[FieldError] = []
        for field in context.shown_in_row(self, rows, number):
            errors += [error.under(field.id) for error in field.check(row.get(field.id), context)]
        return errors

    @override
    def normalized(self, value: Any, context: ReadContext) -> Any:
        if not isinstance(value, list):
            return value
        by_id = {field.id: field for field in self.fields}
        return [
            {name: by_id[name].normalized(item, context) if name in by_id else item for name, item in row.items()}
            if isinstance(row, dict)
            else row
            for row in value
        ]

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
            lines.append(ways_of(language).listed(text for text in shown if text))
        return "\n".join(lines)


def rows_of(value: object) -> list[dict[str, JsonValue]]:
    """The rows of a group's value, whatever the value."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _is_filled(form: FormReader) -> bool:
    return any(
        text.strip() for values in form.raw().values() for text in ([values] if isinstance(values, str) else values)
    )
