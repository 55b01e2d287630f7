"""`appointment`: a day and time at a counter or in a room, chosen among those that are open."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from typing_extensions import override

from common.open_days import receives_visitors
from forms.definition.acceptance import WindowDay
from forms.fields.base import CelType, FieldError, FieldId, ReadContext, Reading
from forms.fields.bounds import DateBound, resolve
from forms.fields.day_offer import WEEKDAYS, Weekday, days_between
from forms.fields.single import SingleInput
from forms.text.dates import iso_date
from forms.text.localized import Text
from forms.text.ways import ways_of

_START = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)")
_Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class OpenHours(BaseModel):
    """Hours in which appointments are given on some weekdays. With an `id` expressions see which hours were chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = ("mon", "tue", "wed", "thu", "fri")
    from_: Annotated[_Clock, Field(alias="from")]
    until: _Clock
    id: FieldId | None = None
    label: Text | None = None

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until は、from よりあとの時刻にしてください。")
        return self


@dataclass(frozen=True)
class Slot:
    """One appointment that may be given, by the city's clock. `busy_until` is its end with the time to prepare the next."""

    start: datetime
    end: datetime
    busy_until: datetime
    hours: OpenHours

    @property
    def value(self) -> str:
        """The answer that chooses it: 2027-04-01T10:00."""
        return f"{self.start:%Y-%m-%dT%H:%M}"


class AppointmentField(SingleInput):
    """An appointment of `minutes` within the `hours`; without `minutes` each entry of the hours is one appointment.

    `resource` is what is booked, at most `counters` times at once, `buffer_minutes` apart; procedures that name the same one
    share it. With `resource_by` each option of that question is one by itself. The answer may be changed, and given up, until
    `change_days` before it.
    """

    missing_code: ClassVar[str] = "choice_missing"
    type: Literal["appointment"]
    resource: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    resource_by: FieldId | None = None
    counters: int = Field(1, ge=1, le=50)
    minutes: int | None = Field(None, ge=5, le=1440)
    buffer_minutes: int = Field(0, ge=0, le=240)
    hours: tuple[OpenHours, ...] = Field(min_length=1, max_length=30)
    open_days_only: bool = True
    closed: tuple[WindowDay, ...] = Field((), max_length=200)
    min: DateBound = "today+1d"
    max: DateBound = "today+30d"
    hold_minutes: int = Field(30, ge=5, le=1440)
    change_days: int = Field(1, ge=0, le=60)

    def days(self, today: date) -> Iterator[date]:
        """The days on which appointments are given, seen from a day."""
        for day in days_between(resolve(self.min, today), resolve(self.max, today)):
            if self._is_open(day):
                yield day

    def _is_open(self, day: date) -> bool:
        closed = day.isoformat() in self.closed or f"{day:%m-%d}" in self.closed
        return not closed and (receives_visitors(day) or not self.open_days_only)

    def slots(self, day: date) -> list[Slot]:
        """The appointments of a day that is open, in their order."""
        slots = [slot for hours in self.hours if WEEKDAYS[day.weekday()] in hours.days for slot in self._in(hours, day)]
        return sorted(slots, key=lambda slot: (slot.start, slot.end))

    def slot(self, value: object) -> Slot | None:
        """The appointment of an answer; None for what is none by these hours."""
        start = _start(value)
        if start is None:
            return None
        return next((slot for slot in self.slots(start.date()) if slot.start == start), None)

    def _in(self, hours: OpenHours, day: date) -> Iterator[Slot]:
        begins, ends = _at(day, hours.from_), _at(day, hours.until)
        length = timedelta(minutes=self.minutes) if self.minutes else ends - begins
        buffer = timedelta(minutes=self.buffer_minutes)
        start = begins
        while start + length <= ends:
            yield Slot(start, start + length, start + length + buffer, hours)
            start += length + buffer

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(text)

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        slot = self.slot(value)
        if slot is None:
            return [FieldError("appointment_slot")]
        day = slot.start.date()
        first, last = resolve(self.min, context.today), resolve(self.max, context.today)
        return [] if self._is_open(day) and first <= day <= last else [FieldError("appointment_slot")]

    @override
    def show(self, value: JsonValue, language: str) -> str:
        start = _start(value)
        if start is None:
            return ""
        ways = ways_of(language)
        slot = self.slot(value)
        day, begins = ways.show_date(start.date()), ways.show_time(start.hour, start.minute)
        if slot is None:
            return f"{day} {begins}"
        label = slot.hours.label.for_language(language) if slot.hours.label else ""
        ends = ways.show_time(slot.end.hour, slot.end.minute) if slot.end.date() == start.date() else "24:00"
        return f"{day} {label} {ways.show_span(begins, ends)}" if label else f"{day} {ways.show_span(begins, ends)}"

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"day": "timestamp", "time": "string", "hours": "string", "minutes": "int"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        slot = self.slot(value)
        if slot is None:
            return {}
        length = int((slot.end - slot.start).total_seconds() // 60)
        return {
            "day": slot.start.date(),
            "time": f"{slot.start:%H:%M}",
            "hours": slot.hours.id or "",
            "minutes": length,
        }


def _start(value: object) -> datetime | None:
    match = _START.fullmatch(value) if isinstance(value, str) else None
    day = iso_date(match[1]) if match else None
    return _at(day, f"{match[2]}:{match[3]}") if match and day else None


def _at(day: date, clock: str) -> datetime:
    hours, minutes = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day) + timedelta(hours=hours, minutes=minutes)  # noqa: DTZ001 - the city's clock
