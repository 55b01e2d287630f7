"""Rules about a case that need no database: its due day, its period, the text of an answer in lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from common.open_days import add_open_days
from forms import Definition
from forms.definition.procedure import group_fields
from forms.definition.workflow import Stage
from forms.fields import FieldType
from forms.fields.appointment import AppointmentField
from forms.fields.occurrences import answer_at
from forms.fields.path import head_of
from forms.fields.place import PlaceField

DEFAULT_DAYS = 10
ANSWER_DAYS = 10
"""Open days an applicant has to answer a correction, unless the office names a date."""


def due_on(definition: Definition, submitted: date, needless: Iterable[Stage] = ()) -> date:
    """The day by which the city should have decided (標準処理期間, 行政手続法 6条): standard days counted in open days, without those of the
    stages that this application does not need.
    """
    standard = definition.standard_days if definition.standard_days is not None else DEFAULT_DAYS
    return add_open_days(submitted, max(standard - sum(stage.days or 0 for stage in needless), 0))


def answer_with_item(definition: Definition, answers: Mapping[str, Any], item: str) -> Any:
    """Return the answer to a shared item such as `person.email`; None without one."""
    return next(
        (answers[key] for key, field in definition.fields.items() if field.item == item and key in answers), None
    )


def item_text(definition: Definition, answers: Mapping[str, Any], item: str) -> str:
    """Return the answer to a shared item as text, or an empty one."""
    return next(
        (
            field.show(answers[key], "ja")
            for key, field in definition.fields.items()
            if field.item == item and key in answers
        ),
        "",
    )


def period_of(definition: Definition, answers: Mapping[str, Any], place_path: str) -> tuple[date | None, date | None]:
    """From when to when a place is used: the period that a rule of it names, else the first period asked for.

    Of a place in a row the periods of its own row come first.
    """
    place = definition.question_at(place_path)
    rules = place.rules if isinstance(place, PlaceField) else []
    named = [rule.period for rule in rules]
    around: list[tuple[Mapping[str, Any], Iterable[FieldType]]] = [(answers, definition.fields.values())]
    group = definition.fields[head_of(place_path)]
    if group_fields(group):
        around.insert(0, (answer_at(answers, place_path.rpartition(".")[0]) or {}, group_fields(group)))
    ranges = [field.id for _values, fields in around for field in fields if field.type == "date_range"]
    for field_id in [*filter(None, named), *ranges]:
        for values, _fields in around:
            value = values.get(field_id)
            if isinstance(value, dict):
                return date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
    return None, None


def days_of(definition: Definition, answers: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The first and the last day for which anything is asked: the periods of all drawn places, else the first period of all."""
    drawn = [path for path, place in definition.places_in(answers).items() if place.value is not None]
    periods = [period_of(definition, answers, path) for path in drawn]
    for field_id in () if drawn else definition.fields:
        value = answers.get(field_id)
        if definition.fields[field_id].type == "date_range" and isinstance(value, dict):
            periods.append((date.fromisoformat(value["start"]), date.fromisoformat(value["end"])))
            break
    visits = [
        field.slot(answers.get(field_id))
        for field_id, field in definition.fields.items()
        if isinstance(field, AppointmentField)
    ]
    periods += [(slot.start.date(), slot.start.date()) for slot in visits if slot is not None]
    firsts, lasts = zip(*periods, strict=True) if periods else ((), ())
    return min(filter(None, firsts), default=None), max(filter(None, lasts), default=None)
