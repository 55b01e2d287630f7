"""`date`: one day, typed in 西暦 or 元号."""

import datetime
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import JsonValue, model_validator
from typing_extensions import override

from common.open_days import is_open
from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.bounds import DateBound, resolve
from forms.fields.day_offer import DayChoices, DayOffer, DayRule, days_between, weekdays_in_words
from forms.fields.single import SingleInput
from forms.text.dates import UnreadableDate, iso_date, near_date, parse_date
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
    """A day. `open_days_only` takes only days on which the city hall is open. With `offer` it is chosen among those that are offered."""

    type: Literal["date"]
    open_days_only: bool = False
    offer: DayOffer | None = None

    @model_validator(mode="after")
    def _offers_so_many(self) -> Self:
        if self.offer is not None and (self.min is None or self.max is None):
            raise ValueError("offer で選ぶ日を並べるには、min と max の両方を書いてください。")
        return self

    def full_date(self, text: str, today: datetime.date) -> str | None:
        """A day that leaves its year open (昨日, 11月29日), written out as it is meant on this day; None for any other text."""
        return written_out(text, today, self.min, self.max)

    @override
    def written(self, value: JsonValue) -> str:
        day = iso_date(value)
        return day.isoformat() if self.offer is not None and day else super().written(value)

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("choice_missing")] if self.required and self.offer is not None else super().missing()

    def day_rule(self, context: ReadContext) -> DayRule:
        """Which weekdays can be chosen, as far as the answers go, and that in words."""
        offer = self.offer or DayOffer()
        rule = context.day_rule(self)
        weekdays = rule.weekdays if rule is not None else offer.fixed_weekdays
        words = rule.words if rule is not None else ""
        return DayRule(weekdays, words or weekdays_in_words(weekdays or frozenset(), context.language))

    def offered_days(self, context: ReadContext) -> list[datetime.date] | None:
        """The days that are offered; None while it is not known which weekdays can be chosen."""
        weekdays = self.day_rule(context).weekdays
        if self.offer is None or self.min is None or self.max is None or weekdays is None:
            return None
        days = days_between(resolve(self.min, context.today), resolve(self.max, context.today))
        return [day for day in days if self._is_offered(self.offer, day, weekdays)]

    def choices(self, context: ReadContext) -> DayChoices:
        """The days that are offered, with the rule in words."""
        return DayChoices(self.offered_days(context), self.day_rule(context).words)

    def _is_offered(self, offer: DayOffer, day: datetime.date, weekdays: frozenset[int]) -> bool:
        is_closed = offer.closes(day) or (self.open_days_only and not is_open(day))
        return day.weekday() in weekdays and not is_closed

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        errors = super().check(value, context)
        day = iso_date(value)
        if not errors and self.open_days_only and day is not None and not is_open(day):
            return [FieldError("date_closed")]
        if not errors and self.offer is not None and day is not None:
            return self._offer_errors(self.offer, day, context)
        return errors

    def _offer_errors(self, offer: DayOffer, day: datetime.date, context: ReadContext) -> list[FieldError]:
        rule = self.day_rule(context)
        if rule.weekdays is None or self._is_offered(offer, day, rule.weekdays):
            return []
        if not rule.weekdays:
            return [FieldError("date_none_offered")]
        values = {"day": ways_of(context.language).show_date(day), "rule": rule.words}
        return [FieldError("date_not_offered", values=values)]

    @override
    def show(self, value: JsonValue, language: str) -> str:
        day = iso_date(value)
        return ways_of(language).show_date(day) if day else ""


def written_out(text: str, today: datetime.date, earliest: str | None, latest: str | None) -> str | None:
    """A day that leaves its year open, written out as it is meant between `earliest` and `latest`; None for any other text."""
    first, last = (bound and resolve(bound, today) for bound in (earliest, latest))
    day = near_date(text, today, first or None, last or None)
    return f"{day.year}年{day.month}月{day.day}日" if day else None


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
