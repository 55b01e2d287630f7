"""Made-up answers for questions that an example does not answer, because they were added to the definition later."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice

from pydantic import JsonValue

from forms.fields import FieldType, ReadContext
from forms.fields.appointment import AppointmentField
from forms.fields.bounds import resolve
from forms.fields.choices import ChoicesField
from forms.fields.composite import KIND, CompositeField
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField
from forms.fields.day_offer import DayRule
from forms.fields.file import Files
from forms.fields.group import GroupField
from forms.fields.integer import WholeNumber
from forms.fields.long_text import LongTextField
from forms.fields.matrix import MatrixField
from forms.fields.number import NumberField
from forms.fields.offering import OffersOptions
from forms.fields.photo import PhotoField
from forms.fields.quantities import QuantitiesField
from forms.fields.ranking import RankingField
from forms.fields.text import TextField
from forms.text.identifiers import IDENTIFIERS

_FIXED: dict[str, list[JsonValue]] = {
    "yes_no": [False, True],
    "consent": [True],
    "person_name": [{"family": "見本", "given": "太郎"}],
    "person_kana": [{"family": "ミホン", "given": "タロウ"}],
    "address": [{"prefecture": "東京都", "city": "立川市", "town": "泉町", "block": "1156番地の9"}],
    "phone": ["+81425232111"],
    "email": ["mihon@example.jp"],
    "birthday": ["1990-04-01"],
    "time": ["10:00"],
    "signature": [{"name": "見本 太郎"}],
    "bank_account": [
        {
            "bank_name": "見本銀行",
            "bank_code": "9999",
            "branch_name": "本店",
            "branch_code": "001",
            "kind": "ordinary",
            "number": "1234567",
            "holder": "ミホン タロウ",
        }
    ],
    "point": [{"geometry": {"type": "Point", "coordinates": [139.4135, 35.6984]}, "source": "drawn"}],
    "line": [
        {
            "geometry": {"type": "LineString", "coordinates": [[139.4135, 35.6984], [139.4137, 35.6984]]},
            "source": "drawn",
        }
    ],
    "polygon": [
        {
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[139.4135, 35.6984], [139.4136, 35.6984], [139.4136, 35.6985], [139.4135, 35.6984]]],
            },
            "source": "drawn",
        }
    ],
}
"""Answers by field type, for types whose settings do not narrow them much."""


def samples(field: FieldType, context: ReadContext) -> list[JsonValue]:
    """Valid answers to a question, the plainest first; empty where none can be made up (a signature, a narrow rule)."""
    return [value for value in _candidates(field, context) if not field.check(value, context)]


def _candidates(field: FieldType, context: ReadContext) -> list[JsonValue]:
    match field:
        case OffersOptions() | MatrixField():
            return _chosen(field, context)
        case WholeNumber() | NumberField():
            return [value for value in (field.min, 1, 0, field.max) if value is not None]
        case TextField() | LongTextField():
            number = field.format if isinstance(field, TextField) else None
            return (
                [IDENTIFIERS[number].example] if number else ["見本", "見" * max(field.min_length, 1), "見", "ミホン"]
            )
        case DateField() | DateRangeField() | AppointmentField():
            return _dates(field, context.today)
        case Files():
            return [_files(field)]
        case CompositeField():
            return [_row(field.parts_of(kind), context) | {KIND: kind} for kind in field.kinds_offered]
        case GroupField():
            rows: JsonValue = [_row(field.fields, context) for _number in range(max(field.least, 1))]
            return [rows]
    return _FIXED.get(field.type, [])


def _row(fields: Iterable[FieldType], context: ReadContext) -> dict[str, JsonValue]:
    return {field.id: values[0] for field in fields if (values := samples(field, context))}


def _chosen(field: OffersOptions | MatrixField, context: ReadContext) -> list[JsonValue]:
    if isinstance(field, MatrixField):
        return [{row.id: option.id for row in field.rows} for option in field.scale]
    if isinstance(field, QuantitiesField):
        names = [option.id for option in field.offered(context)]
        counts = {max(field.min, 1), min(field.max, field.each_max)}
        return [field.normalized({name: count}, context) for name in names[:20] for count in counts]
    answers = option_answers(field, context)
    if isinstance(field, RankingField):
        turned = [answers[first:] + answers[:first] for first in range(min(len(answers), 12))]
        return [wishes[:count] for wishes in turned for count in {max(field.min, 1), field.max}]
    return [answers[: max(field.min, 1)]] if isinstance(field, ChoicesField) else answers[:10]


_OF_VALUES: dict[str, JsonValue] = {"bool": True, "int": 1, "double": 1.5, "string": "見本"}


def option_answers(field: OffersOptions, context: ReadContext) -> list[JsonValue]:
    """The answers that a question offers on the day; of a map layer two that could be there, of other answers none."""
    if field.source is not None and field.source.layer is not None:
        values: JsonValue = {value.as_: _OF_VALUES[value.type] for value in field.source.values}
        made_up: list[dict[str, JsonValue]] = [{"id": name, "label": {"ja": name}} for name in ("見本1", "見本2")]
        return [{**answer, "values": values} if values else answer for answer in made_up]
    return [field.answer(option) for option in field.offered(context)]


def _dates(field: DateField | DateRangeField | AppointmentField, today: date) -> list[JsonValue]:
    if isinstance(field, AppointmentField):
        return list(islice((slot.value for day in field.days(today) for slot in field.slots(day)), 40))
    if isinstance(field, DateField) and field.offer is not None:
        week = islice(
            field.offered_days(ReadContext(today, day_rule=lambda _field: DayRule(frozenset(range(7)), ""))) or (), 40
        )
        return [day.isoformat() for day in week]
    bounds = [resolve(bound, today) for bound in (field.min, field.max) if bound]
    days = [day + timedelta(days=shift) for day in (*bounds, today) for shift in range(8)]
    if isinstance(field, DateField):
        return [day.isoformat() for day in days]
    return [{"start": day.isoformat(), "end": (day + timedelta(days=1)).isoformat()} for day in days]


def _files(field: Files) -> list[JsonValue]:
    name, media_type = ("見本.jpg", "image/jpeg") if isinstance(field, PhotoField) else ("見本.pdf", "application/pdf")
    return [
        {"id": f"f{number}", "name": name, "size": 1000, "media_type": media_type}
        for number in range(max(field.min, 1))
    ]
