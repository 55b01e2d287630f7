"""What made-up residents answer: plain answers, those of the examples, and those at which the definition's own conditions turn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from pydantic import JsonValue

from forms.checks.samples import option_answers, samples
from forms.definition.place_rules import LookUp
from forms.definition.procedure import Definition
from forms.definition.table import Cell, Table
from forms.evaluation.city import City
from forms.evaluation.earlier import ALWAYS_THERE, EARLIER, earlier_types
from forms.evaluation.program import Program
from forms.expressions import syntax
from forms.expressions.values import exact
from forms.fields import FieldType, ReadContext
from forms.fields.birthday import BirthdayField
from forms.fields.bounds import resolve
from forms.fields.choice import ChoiceField
from forms.fields.choices import ChoicesField
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField
from forms.fields.group import rows_of
from forms.fields.integer import WholeNumber
from forms.fields.number import NumberField
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.fields.text import TextField
from forms.fields.time import TimeField

_AGES = (0, 3, 6, 12, 15, 16, 18, 20, 40, 65, 75, 90)
_OLDEST = 110
_DAYS = (-400, -366, -200, -100, -90, -30, -15, -14, -7, -1, 0, 1, 7, 14, 30, 100, 366)
_LENGTHS = (1, 30, 60, 366, 367, 1100)
#: A city in which no procedure of this city applies.
_ELSEWHERE = "見本市"
#: Options of one question that are tried.
_MAX_OPTIONS = 40
_MAX_VALUES = 60
_SIZES: tuple[Fraction, ...] = tuple(Fraction(size) for size in (1, 12, 100))

Constant = bool | int | Fraction | str


class Pools:
    """Answers to try, by question, and what a map may say of a place."""

    def __init__(self, definition: Definition, program: Program, context: ReadContext, city: City | None) -> None:
        self.definition = definition
        self.context = context
        self.city = city
        self._constants = _constants(program, definition.tables)
        self._computed_from = program.computed_from
        self._answers: dict[str, list[JsonValue]] = {}

    def answers(self, field: FieldType) -> list[JsonValue]:
        """Return valid answers to a question that is no group, the plainest first; empty where none can be made up."""
        if field.id not in self._answers:
            candidates = [*samples(field, self.context), *self._from_examples(field.id), *self._special(field)]
            unique = {repr(value): value for value in candidates if not field.check(value, self.context)}
            self._answers[field.id] = list(unique.values())[:_MAX_VALUES]
        return self._answers[field.id]

    def look_ups(self, field: PlaceField) -> dict[str, list[object]]:
        """Return, for each fact of a place, what a map may say; None for nothing."""
        facts: dict[str, list[object]] = {}
        for name, kind in field.cel_types().items():
            if kind != "double":
                continue  # it follows from the answer
            sizes = self._numbers(f"{field.id}.{name}") or set(_SIZES)
            facts[name] = [float(size) for size in sorted(sizes) if size >= 0]
        for look_up in field.look_up:
            name = f"{field.id}.{look_up.as_}"
            told = self._example_facts(field.id, look_up.as_)
            of_type = [] if look_up.value_type == "any" and told else self._of_type(name, look_up.value_type)
            values: list[object] = [*told, *of_type]
            facts[look_up.as_] = [*values, None] if may_be_missing(field, look_up) else values
        return facts

    def earlier(self) -> dict[str, list[object]]:
        """Return, for each value of the earlier case, what it may be; None where the earlier case may have none."""
        values: dict[str, list[object]] = {}
        for name, kind in earlier_types(self.definition).items():
            own = name.partition(".")[2]
            always: list[object] = [] if own in ALWAYS_THERE else [None]
            values[own] = [*self._example_facts(EARLIER, own), *self._of_earlier(name, kind), *always]
        return values

    def _of_earlier(self, name: str, kind: str) -> list[object]:
        return [day.isoformat() for day in self._days] if kind == "timestamp" else self._of_type(name, kind)

    def _example_facts(self, field_id: str, name: str) -> list[object]:
        places = (
            facts
            for example in self.definition.examples
            for path, facts in example.facts.items()
            if path.rpartition(".")[2] == field_id
        )
        values = {repr(place[name]): place[name] for place in places if isinstance(place, dict) and name in place}
        return list(values.values())

    def _of_type(self, name: str, kind: str) -> list[object]:
        constants = self._constants.get(name, set())
        match kind:
            case "bool":
                return [True, False]
            case "int":
                return [int(number) for number in sorted(self._numbers(name)) if number.denominator == 1] or [1, 100]
            case "double":
                return [float(number) for number in sorted(self._numbers(name))] or [1.0, 100.0]
        texts: list[object] = [*sorted(text for text in constants if isinstance(text, str)), "見本"]
        return [[], *([text] for text in texts), texts] if kind == "list<string>" else texts

    def _numbers(self, name: str) -> set[Fraction]:
        """The numbers with which a name is compared, and those on either side."""
        numbers = [
            Fraction(c) for c in self._constants.get(name, ()) if isinstance(c, int | Fraction) and c is not True
        ]
        return {number + side for number in numbers for side in (-1, 0, 1)}

    def _from_examples(self, field_id: str) -> Iterator[JsonValue]:
        for example in self.definition.examples:
            yield from _answers_to(field_id, example.answers)

    def _special(self, field: FieldType) -> Iterable[JsonValue]:  # noqa: PLR0911 - one for each kind of question
        texts = sorted(c for c in self._constants.get(field.id, ()) if isinstance(c, str))
        match field:
            case ChoiceField():
                return [*option_answers(field, self.context)[:_MAX_OPTIONS], *self._features(field)]
            case ChoicesField():
                return _choices(field, option_answers(field, self.context)[:_MAX_OPTIONS])
            case WholeNumber():
                return [int(number) for number in sorted(self._numbers(field.id)) if number.denominator == 1]
            case NumberField():
                return [float(number) for number in sorted(self._numbers(field.id))]
            case BirthdayField():
                return [day.isoformat() for age in self._ages(field.id) for day in self._around(self._years_ago(age))]
            case DateField():
                return [day.isoformat() for day in self._days_of(field)]
            case DateRangeField():
                return [
                    {"start": day.isoformat(), "end": (day + timedelta(days=length - 1)).isoformat()}
                    for day in self._days_of(field)[::2]
                    for length in (*_LENGTHS, *self._period_lengths(field.id))
                ]
            case TimeField():
                return _times(field, texts)
            case TextField():
                return [*texts, *("1" * length for length in range(1, 16))]
        if field.type == "address" and self.city is not None:
            plain = [value for value in samples(field, self.context) if isinstance(value, dict)]
            return [{**value, "city": name} for value in plain for name in (self.city.name, _ELSEWHERE)]
        return texts

    def _ages(self, birthday: str) -> list[int]:
        """Ages in years to try: first those with which the birthday, or what is worked out from it, is compared or looked up."""
        worked_out = (name for name, questions in self._computed_from.items() if birthday in questions)
        numbers = {number for name in (birthday, *worked_out) for number in self._numbers(name)}
        turning = sorted(int(number) for number in numbers if number.denominator == 1 and 0 <= number <= _OLDEST)
        return list(dict.fromkeys((*turning, *_AGES)))

    def _features(self, field: ChoiceField) -> Iterator[JsonValue]:
        """Features of a map layer with the values at which something turns."""
        for answer in option_answers(field, self.context)[:1] if field.source and field.source.layer else ():
            values = answer.get("values", {}) if isinstance(answer, dict) else {}
            for value in field.source.values if field.source else ():
                for item in self._of_type(f"{field.id}.{value.as_}", value.type):
                    yield {**answer, "values": {**values, value.as_: item}}  # type: ignore[dict-item] # plain values

    def _period_lengths(self, field_id: str) -> list[int]:
        days = {int(number) for number in self._numbers(f"{field_id}.days") if number > 0}
        return sorted(days | {31 * int(number) for number in self._numbers(f"{field_id}.months") if number > 0})[:8]

    @cached_property
    def _days(self) -> list[date]:
        written = {day for constants in self._constants.values() for constant in constants for day in _as_day(constant)}
        near = [self.context.today + timedelta(days=count) for count in _DAYS]
        return sorted({*near, *(side for day in written for side in self._around(day))})

    def _days_of(self, field: DateField | DateRangeField) -> list[date]:
        """The days at which something turns, and those at the bounds of a question."""
        bounds = [resolve(bound, self.context.today) for bound in (field.min, field.max) if bound]
        return sorted({*self._days, *(side for bound in bounds for side in self._around(bound))})

    def _around(self, day: date) -> list[date]:
        return [day + timedelta(days=side) for side in (-1, 0, 1) if date.min < day < date.max]

    def _years_ago(self, years: int) -> date:
        today = self.context.today
        return date(today.year - years, today.month, min(today.day, 28))


def may_be_missing(place: PlaceField, look_up: LookUp) -> bool:
    """Whether a map may say nothing for a place: not where it counts, and not of a layer in which the place must lie."""
    certain = {rule.inside or rule.intersects for rule in place.rules}
    return look_up.layer not in certain and look_up.take in {"largest", "nearest", "distance"}


def _choices(field: ChoicesField, ids: list[JsonValue]) -> list[JsonValue]:
    several = [list(pair) for pair in pairwise(ids)]
    return [*([option] for option in ids), *several, ids, ids[: max(field.min, 1)]]


def _times(field: TimeField, texts: Sequence[str]) -> list[JsonValue]:
    """The times at the bounds of a question, those with which it is compared and a step on either side, and every full hour."""
    turning = [
        int(hour) * 60 + int(minute) for hour, _, minute in (text.partition(":") for text in texts if _is_time(text))
    ]
    minutes = [time + side for time in turning for side in (-field.step_minutes, 0, field.step_minutes)]
    minutes += range(0, 24 * 60, 60)
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes if 0 <= minute < 24 * 60]
    return [field.min, field.max, *times]


def _is_time(text: str) -> bool:
    hour, _, minute = text.partition(":")
    return hour.isdecimal() and minute.isdecimal()


def _constants(program: Program, tables: Sequence[Table]) -> Mapping[str, set[Constant]]:
    """The values with which each name is compared or looked up, by the name; in rows by that of the question."""
    constants: dict[str, set[Constant]] = {}
    by_id = {table.id: table for table in tables}
    for compiled in program.by_path.values():
        for node in syntax.walk(compiled.tree):
            if isinstance(node, syntax.Call) and (table := by_id.get(head_of(node.function))):
                for argument, column in zip(node.args, table.key, strict=False):
                    cells = {cell for row in table.rows for cell in _cell(row[column])}
                    for name in _names_of(argument):
                        constants.setdefault(name, set()).update(cells)
            if not isinstance(node, syntax.Call) or node.type != "bool" or node.function in ("_&&_", "_||_", "!_"):
                continue
            parts = list(syntax.walk(node))
            values = {value for part in parts if isinstance(part, syntax.Constant) for value in _value(part)}
            for part in parts:
                match part:
                    case syntax.Variable(name=name):
                        constants.setdefault(name, set()).update(values)
                        constants.setdefault(head_of(name), set()).update(v for v in values if isinstance(v, str))
                    case syntax.Select(field=name):
                        constants.setdefault(name.partition("X")[0], set()).update(values)
    return constants


def _names_of(node: syntax.Node) -> Iterator[str]:
    for part in syntax.walk(node):
        match part:
            case syntax.Variable(name=name):
                yield name
            case syntax.Select(field=name):
                yield name.partition("X")[0]


def _cell(cell: Cell) -> list[Constant]:
    return [exact(cell)] if isinstance(cell, float) else [] if isinstance(cell, date) else [cell]


def _value(constant: syntax.Constant) -> list[Constant]:
    value = constant.value
    if value is None:
        return []
    return [exact(value)] if isinstance(value, float) else [value]


def _as_day(constant: Constant) -> list[date]:
    try:
        return [date.fromisoformat(constant)] if isinstance(constant, str) else []
    except ValueError:
        return []


def _answers_to(field_id: str, answers: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    """The answers to a question, those in rows too."""
    for name, value in answers.items():
        if name == field_id:
            yield value
        for row in rows_of(value):
            yield from _answers_to(field_id, row)
