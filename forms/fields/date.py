"""`date`: one day, typed in 西暦 or 元号."""

import datetime
from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from common.open_days import is_open
from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.bounds import DateBound, resolve
from forms.fields.single import SingleInput
from forms.text.dates import UnreadableDate, iso_date, parse_date
from forms.text.ways import ways_of


class Day(SingleInput):
    """What `date` and `birthday` share: a day between `min` and `max`, both allowed."""

    min: DateBound | None = None
    max: DateBound | None = None

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        try:
            return Reading(parse_date(text).isoformat())
        except UnreadableDate as unreadable:
            return Reading(None, (FieldError(unreadable.code, values=unreadable.values),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        day = iso_date(value)
        if day is None:
            return [FieldError("malformed")]
        return bound_errors(day, self.min, self.max, context)

    @override
    def written(self, value: JsonValue) -> str:
        day = iso_date(value)
        return f"{day.year}年{day.month}月{day.day}日" if day else ""

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "timestamp"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        day = iso_date(value)
        return {"": day} if day else {}


class DateField(Day):
    """A day. `open_days_only` takes only days on which the city hall is open."""

    type: Literal["date"]
    open_days_only: bool = False

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        errors = super().check(value, context)
        day = iso_date(value)
        if not errors and self.open_days_only and day is not None and not is_open(day):
            return [FieldError("date_closed")]
        return errors

    @override
    def show(self, value: JsonValue, language: str) -> str:
        day = iso_date(value)
        return ways_of(language).show_date(day) if day else ""


def bound_errors(
    day: datetime.date, earliest: str | None, latest: str | None, context: ReadContext, path: str = ""
) -> list[FieldError]:
    """What is wrong with a day outside `earliest` to `latest`, both allowed."""
    if earliest is not None and day < (first := resolve(earliest, context.today)):
        return [FieldError("date_min", path, {"min": ways_of(context.language).show_date(first)})]
    if latest is not None and day > (last := resolve(latest, context.today)):
        code = "date_past" if latest == "today" else "date_max"
        return [FieldError(code, path, {"max": ways_of(context.language).show_date(last)})]
    return []
