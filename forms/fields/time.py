"""`time`: a time of day."""

import re
from typing import Annotated, Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, ReadContext, Reading
from forms.fields.single import SingleInput
from forms.fields.string_value import StringValue
from forms.text.dates import UnreadableDate, parse_time
from forms.text.ways import ways_of

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_LEAST_STEP = 10
_MOST_CHOICES = 48
"""A day in half hours."""
_Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class TimeField(StringValue, SingleInput):
    """A time between `min` and `max` (`HH:MM`, both allowed), on steps of `step_minutes` from midnight."""

    type: Literal["time"]
    min: _Clock = "00:00"
    max: _Clock = "23:59"
    step_minutes: int = Field(1, ge=1, le=720)

    @property
    def choices(self) -> list[str]:
        """The times to choose from, where they are few enough to stand in a list; none where a time is typed."""
        first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (self.min, self.max))
        minutes = [minute for minute in range(0, last + 1, self.step_minutes) if minute >= first]
        if self.step_minutes < _LEAST_STEP or len(minutes) > _MOST_CHOICES:
            return []
        return [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        try:
            return Reading(parse_time(text))
        except UnreadableDate as unreadable:
            return Reading(None, (FieldError(unreadable.code),))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            return [FieldError("malformed")]
        if not self.min <= value <= self.max:
            return [FieldError("time_range", values={"min": self.min, "max": self.max})]
        if (int(value[:2]) * 60 + int(value[3:])) % self.step_minutes:
            return [FieldError("time_step", values={"step": self.step_minutes})]
        return []

    @override
    def show(self, value: JsonValue, language: str) -> str:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            return ""
        return ways_of(language).show_time(int(value[:2]), int(value[3:]))
