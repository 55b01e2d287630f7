"""The days that a fee gates: by when it must be paid so that what was chosen can happen, and until when places wait for it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from forms import Definition
from forms.definition.capacity import CapacityRule
from forms.evaluation.chosen_days import first_chosen_day, tells_days
from portal.core.clock import TOKYO, today


def latest_payment_day(
    definition: Definition, answers: Mapping[str, Any], rules: Collection[CapacityRule]
) -> date | None:
    """The last day on which a fee that is asked for today can be paid; None where nothing waits for it.

    It lies before the first day that the applicant chose for something to happen on, and within the days for which the places of
    `rules` are held (`pay_days`). Never before today.
    """
    held = [rule.pay_days for rule in rules if rule.pay_days]
    days = [today() + timedelta(days=count) for count in held]
    chosen = first_chosen_day(definition, answers) if tells_days(definition) else None
    if chosen is not None and chosen >= today():
        days.append(max(chosen - timedelta(days=1), today()))
    return min(days, default=None)


def places_held_until(
    definition: Definition, answers: Mapping[str, Any], rules: Collection[CapacityRule]
) -> datetime | None:
    """Until when unpaid places are held: the end of the last day to pay. None: until they are paid."""
    last = latest_payment_day(definition, answers, rules)
    return datetime.combine(last + timedelta(days=1), time(), TOKYO) if last is not None else None
