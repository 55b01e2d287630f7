"""Questions that offer days and would have none to offer: nobody could go on."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.program import all_fields
from forms.fields import FieldType, ReadContext
from forms.fields.date import DateField
from forms.fields.day_offer import DayRule

_DAYS_AHEAD = 366


def offer_diagnostics(definition: Definition, today: date) -> list[UnlocatedDiagnostic]:
    """An error for each question that offers no day to anybody within a year, and advice for one that has none at some time of it."""
    return [
        diagnostic
        for path, field in all_fields(definition)
        if isinstance(field, DateField) and field.offer is not None
        for diagnostic in _faults((*path, "offer"), field, today)
    ]


def _faults(path: Path, field: DateField, today: date) -> Iterator[UnlocatedDiagnostic]:
    days = [today + timedelta(days=number) for number in range(_DAYS_AHEAD)]
    without = [day for day in days if not field.offered_days(ReadContext(day, day_rule=_any_weekday(field)))]
    if len(without) == len(days):
        message = f"質問「{field.id}」には、選べる日が1日もありません。"
        yield UnlocatedDiagnostic(
            path, message, "min と max、曜日(weekdays)、休みの日(closed、open_days_only)を見直してください。"
        )
    elif without:
        first = without[0]
        message = (
            f"{first.year}年{first.month}月{first.day}日に申請する人には、質問「{field.id}」で選べる日がありません。"
        )
        yield UnlocatedDiagnostic(path, message, "max をのばすか、休みの日を減らしてください。", "advice")


def _any_weekday(field: DateField) -> Callable[[FieldType], DayRule]:
    """Where answers decide the weekday, any of them may be the one."""
    weekdays = field.offer.fixed_weekdays if field.offer else None
    return lambda _question: DayRule(weekdays or frozenset(range(7)), "")
