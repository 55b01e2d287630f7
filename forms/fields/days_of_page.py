"""The days and appointments that the questions of a page offer, ready to show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup, escape

from common.open_days import open_day_from
from forms.fields.appointment import AppointmentField, Slot
from forms.fields.base import ReadContext
from forms.fields.birthday import BirthdayField
from forms.fields.bounds import resolve
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField
from forms.fields.day_offer import DayChoices
from forms.fields.example_day import example_birthday, example_day
from forms.fields.shown import SlotDay
from forms.fields.shown_days import ShownDays, shown_days
from forms.text.dates import iso_date
from forms.text.ruby import ruby, without_readings
from forms.text.ways import ways_of

if TYPE_CHECKING:
    from forms.evaluation.offered import Offers

FreeSlots: TypeAlias = Callable[[AppointmentField], Sequence[Slot] | None]
"""The appointments of a question that are free, in their order; None while it is not known what is to be booked."""


@dataclass(frozen=True)
class DaysOfPage:
    """What `FieldPage` knows of days; see there. Without `offers` a question offers what it does before anything is answered."""

    language: str
    today: date | None
    offers: "Offers | None"
    free_slots: FreeSlots | None
    rests: Mapping[str, Mapping[str, str]]
    full_days: Mapping[str, frozenset[str]]

    def rule(self, question: DateField) -> Markup:
        """Which days a question offers, in words."""
        return ruby(self._offered(question).words)

    def shown(self, question: DateField, path: str, chosen: str) -> ShownDays | None:
        """The days that a question offers; None while it is not known which."""
        offered, offer = self._offered(question).days, question.offer
        if offered is None or offer is None:
            return None
        full, notes = self.full_days.get(path, frozenset()), self.rests.get(path, {})
        return shown_days(offered, offer.show, full, notes, chosen)

    def _offered(self, question: DateField) -> DayChoices:
        if self.offers is not None:
            return self.offers.days(question)
        return question.choices(ReadContext(self.today or date.min, self.language))

    def now(self, question: DateField) -> str:
        """Today as it is written into the box, for a question about a past day; empty for any other."""
        if question.max != "today" or self.today is None:
            return ""
        return question.full_date("今日", self.today) or ""

    def earliest(self, question: DateField | DateRangeField) -> str:
        """The earliest day that can be typed, in words, where the day of the application decides it and it lies ahead."""
        bound = question.min
        if bound is None or self.today is None or iso_date(bound) is not None:
            return ""
        first = resolve(bound, self.today)
        if isinstance(question, DateField) and question.open_days_only:
            first = open_day_from(first)
        return ways_of(self.language).show_date(first) if first > self.today else ""

    def example(self, question: DateField | DateRangeField | BirthdayField) -> str:
        """A day that the question allows, as readers write it."""
        if isinstance(question, BirthdayField):
            of_child = (question.item or "").startswith("child.")
            day = example_birthday(question.min, question.max, self.today, of_child=of_child)
        else:
            open_days_only = isinstance(question, DateField) and question.open_days_only
            day = example_day(question.min, question.max, self.today, open_days_only=open_days_only)
        return ways_of(self.language).show_written_days(day)

    def day(self, day: date) -> Markup:
        """A day of a list, with its weekday; with its year where that is not this one."""
        year = self.today is not None and day.year != self.today.year
        return ruby(ways_of(self.language).show_short_date(day, year=year))

    def plain_day(self, day: date) -> str:
        """A whole day without markup, for attributes."""
        return without_readings(ways_of(self.language).show_date(day))

    def month(self, first: date) -> Markup:
        """A month with its year."""
        return ruby(ways_of(self.language).show_month(first))

    def weekdays_from_sunday(self) -> list[Markup]:
        """The short names of the weekdays as calendars on walls have them."""
        names = ways_of(self.language).weekdays
        return [escape(name) for name in (names[-1], *names[:-1])]

    def with_slots(self, question: AppointmentField) -> list[SlotDay] | None:
        """The days with the appointments that can be chosen; None while it is not known what is to be booked."""
        if self.free_slots is not None:
            slots = self.free_slots(question)
        else:
            slots = [slot for day in question.days(self.today) for slot in question.slots(day)] if self.today else []
        if slots is None:
            return None
        ways = ways_of(self.language)
        by_day = groupby(slots, key=lambda slot: slot.start.date())
        return [SlotDay(ways.show_date(day), list(of_day)) for day, of_day in by_day]

    def slot(self, question: AppointmentField, slot: Slot) -> Markup:
        """An appointment as it stands under its day: 午前 9時〜12時."""
        whole, day = question.show(slot.value, self.language), ways_of(self.language).show_date(slot.start.date())
        return ruby(whole.removeprefix(day).strip())
