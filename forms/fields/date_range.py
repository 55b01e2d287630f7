"""`date_range`: a period with its first and last day, both counted."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.bounds import DateBound
from forms.fields.date import bound_errors, written_out
from forms.fields.reader import FormReader
from forms.text import periods
from forms.text.dates import UnreadableDate, iso_date, parse_date
from forms.text.safety import has_unprintable, one_line
from forms.text.ways import ways_of

_PARTS = ("start", "end")


class DateRangeField(FieldType):
    """A period within `min` and `max` and no longer than `max_days`."""

    type: Literal["date_range"]
    min: DateBound | None = None
    max: DateBound | None = None
    max_days: int | None = Field(None, ge=1)

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        typed = {part: one_line(form.text(part)) for part in _PARTS}
        if not any(typed.values()):
            return self.absent()
        value: dict[str, JsonValue] = {}
        errors: list[FieldError] = []
        for part, text in typed.items():
            if not text:
                errors.append(FieldError(f"date_{part}_missing", part))
            elif has_unprintable(text):
                errors.append(FieldError("unprintable", part))
            else:
                try:
                    value[part] = parse_date(text).isoformat()
                except UnreadableDate as unreadable:
                    errors.append(FieldError(unreadable.code, part, unreadable.values))
        errors = errors or self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    def full_date(self, part: str, text: str, today: date, *, begin: str = "") -> str | None:
        """The first or the last day where it leaves its year open, written out as it is meant; None for any other text.

        `begin` is the first day as it was typed: the last one is meant after it.
        """
        earliest = self.min
        if part == "end" and begin:
            try:
                earliest = parse_date(begin).isoformat()
            except UnreadableDate:
                earliest = self.min
        return written_out(text, today, earliest, self.max)

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, dict) or set(value) != set(_PARTS):
            return [FieldError("malformed")]
        start, end = iso_date(value["start"]), iso_date(value["end"])
        if start is None or end is None:
            return [FieldError("malformed")]
        if end < start:
            return [FieldError("range_order", "end")]
        errors = bound_errors(start, self.min, None, context, "start")
        errors += bound_errors(end, None, self.max, context, "end")
        if self.max_days is not None and periods.days(start, end) > self.max_days:
            errors.append(FieldError("range_long", "end", {"max": self.max_days}))
        return errors

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        days = _days(value)
        if days is None:
            return {}
        return {part: f"{day.year}年{day.month}月{day.day}日" for part, day in zip(_PARTS, days, strict=True)}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        days = _days(value)
        if days is None:
            return ""
        ways = ways_of(language)
        return ways.show_span(*(ways.show_date(day) for day in days))

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"start": "timestamp", "end": "timestamp", "days": "int", "months": "int", "years": "int"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        days = _days(value)
        if days is None or days[1] < days[0]:
            return {}
        return {
            "start": days[0],
            "end": days[1],
            "days": periods.days(*days),
            "months": periods.months(*days),
            "years": periods.years(*days),
        }


def _days(value: JsonValue) -> tuple[date, date] | None:
    if not isinstance(value, dict):
        return None
    start, end = iso_date(value.get("start")), iso_date(value.get("end"))
    return (start, end) if start and end else None
