"""Days that are offered to choose among, in place of a box in which one is typed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forms.definition.acceptance import WindowDay
from forms.definition.strict_model import Expression
from forms.text.localized import Text
from forms.text.messages import message
from forms.text.ways import ways_of

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: The weekdays as definitions write them, in the order of `date.weekday`.
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Days that a question may offer: more are more than anybody chooses from.
MAX_DAYS = 370

_JAPANESE = "月火水木金土日"
_AROUND_WEEKDAYS = re.compile(r"曜日?|毎週|[とや・、,，/\s]")
_ENGLISH = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*")


class OnTheDay(BaseModel):
    """What happens on the day that was chosen, told on the receipt, on the applicant's pages and in mails.

    `{number}` in `to_do` is the receipt number of the application.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    time: Text | None = None
    to_do: Text | None = None


class DayOffer(BaseModel):
    """Which days are offered, from `min` to `max` of the question: those of some weekdays, but for those that are closed.

    `weekday` is an expression whose value names weekdays (「木曜日」, 「月・木」), as the look-up of a place does. `rule` says in words
    which days these are, with expressions in braces and their weekdays as `{weekdays}`. The first `show` days are listed, later ones stand in a calendar.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    weekday: Expression | None = None
    closed: tuple[WindowDay, ...] = Field((), max_length=200)
    show: int = Field(8, ge=1, le=31)
    rule: Text | None = None
    on_the_day: OnTheDay | None = None

    @model_validator(mode="after")
    def _says_weekdays_once(self) -> Self:
        if self.weekdays and self.weekday is not None:
            raise ValueError("weekdays と weekday は、どちらか1つだけを書いてください。")
        return self

    def closes(self, day: date) -> bool:
        """Whether a day is one of those that are closed."""
        return day.isoformat() in self.closed or f"{day:%m-%d}" in self.closed

    @property
    def fixed_weekdays(self) -> frozenset[int] | None:
        """The weekdays that the definition names, Monday being 0: all where it names none, None where answers decide."""
        if self.weekday is not None:
            return None
        return frozenset(WEEKDAYS.index(name) for name in self.weekdays) or frozenset(range(7))


@dataclass(frozen=True)
class DayRule:
    """Which weekdays the answers so far allow (Monday being 0), None while that is not known; and the rule in words, for the reader."""

    weekdays: frozenset[int] | None
    words: str


@dataclass(frozen=True)
class DayChoices:
    """The days that a question offers, None while that is not known, and the rule in words."""

    days: Sequence[date] | None
    words: str


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from one to another, both counted, as many as may be offered."""
    for number in range(min((last - first).days + 1, MAX_DAYS)):
        yield first + timedelta(days=number)


def named_weekdays(text: str) -> frozenset[int]:
    """The weekdays that a text names, Monday being 0: 木曜日, 月・木, 毎週月曜・木曜, Thu; none for a text that is anything else."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    english = _ENGLISH.findall(folded)
    if english:
        return frozenset(WEEKDAYS.index(name) for name in english)
    names = _AROUND_WEEKDAYS.sub("", folded)
    return frozenset(map(_JAPANESE.index, names)) if set(names) <= set(_JAPANESE) else frozenset()


def weekdays_in_words(weekdays: frozenset[int], language: str) -> str:
    """That only these weekdays can be chosen, as a sentence; nothing where any can."""
    if not 0 < len(weekdays) < len(WEEKDAYS):
        return ""
    return message("date_weekdays", language, weekdays=weekday_names(weekdays, language))


def weekday_names(weekdays: frozenset[int], language: str) -> str:
    """The names of weekdays (Monday being 0): 月曜日、木曜日."""
    names = message("weekday_names", language).split("|")
    return ways_of(language).listed(names[number] for number in sorted(weekdays))
