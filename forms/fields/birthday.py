"""`birthday`: the day a person (or an animal) was born."""

from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.bounds import DateBound
from forms.fields.date import Day
from forms.text.dates import iso_date
from forms.text.ways import ways_of


class BirthdayField(Day):
    """A day in the past, shown with its era year. CEL has `age(<id>, on)` for it."""

    type: Literal["birthday"]
    min: DateBound | None = "today-130y"
    max: DateBound | None = "today"

    @override
    def show(self, value: JsonValue, language: str) -> str:
        day = iso_date(value)
        return ways_of(language).show_birthday(day) if day else ""
