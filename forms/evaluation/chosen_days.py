"""The days that applicants chose for something to happen on, with what the definition says of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.definition.procedure import Definition
from forms.fields.date import DateField
from forms.fields.day_offer import OnTheDay
from forms.text.dates import iso_date
from forms.text.ways import ways_of


@dataclass(frozen=True)
class ChosenDay:
    """A day, what happens on it and at what time, and what the applicant does for it; in the language of the reader."""

    day: date
    title: str
    when: str
    to_do: str


def chosen_days(definition: Definition, answers: Mapping[str, Any], number: str, language: str) -> list[ChosenDay]:
    """The days that answers chose and of which the definition says what happens, in their order. `number` is the receipt number."""
    told = [_told(day, on_the_day, number, language) for day, on_the_day in _on_days(definition, answers)]
    return sorted(told, key=lambda chosen: chosen.day)


def first_chosen_day(definition: Definition, answers: Mapping[str, Any]) -> date | None:
    """The first of these days: what must be settled for it is settled before."""
    return min((day for day, _on_the_day in _on_days(definition, answers)), default=None)


def last_chosen_day(definition: Definition, answers: Mapping[str, Any]) -> date | None:
    """The last of these days: before it the city cannot be done with the case."""
    return max((day for day, _on_the_day in _on_days(definition, answers)), default=None)


def tells_days(definition: Definition) -> bool:
    """Whether a definition says what happens on a day that is chosen."""
    return any(True for _question in _questions(definition))


def _on_days(definition: Definition, answers: Mapping[str, Any]) -> Iterator[tuple[date, OnTheDay]]:
    for field, on_the_day in _questions(definition):
        day = iso_date(answers.get(field.id))
        if day is not None:
            yield day, on_the_day


def _questions(definition: Definition) -> Iterator[tuple[DateField, OnTheDay]]:
    for field in definition.fields.values():
        if isinstance(field, DateField) and field.offer is not None and field.offer.on_the_day is not None:
            yield field, field.offer.on_the_day


def _told(day: date, on_the_day: OnTheDay, number: str, language: str) -> ChosenDay:
    time = on_the_day.time.for_language(language) if on_the_day.time else ""
    to_do = on_the_day.to_do.for_language(language) if on_the_day.to_do else ""
    return ChosenDay(
        day,
        on_the_day.title.for_language(language),
        " ".join(part for part in (ways_of(language).show_date(day), time) if part),
        to_do.replace("{number}", number),
    )
