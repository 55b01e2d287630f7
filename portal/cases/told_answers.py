"""Which answers the layers of cases tell, and what each is there: a column by which features are asked for, and a value.

A question is told beside a place if it stands in the same row, in a row around it, or outside of rows. What is sealed is opened here,
feature by feature, and cannot be asked for: the database does not read it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Boolean, ColumnElement, Date, Float, case, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from forms import Definition
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.occurrences import answer_at, slots
from forms.fields.offering import OffersOptions
from geo.feature_source import Kind, Queryable
from portal.cases.answers import is_sealed_type
from portal.cases.models import Case, CasePlace

Part = Literal["", "start", "end"]
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("choice", "choices", "ranking", "time", "appointment"), "string"),
    **dict.fromkeys(("integer", "number", "money"), "number"),
    **dict.fromkeys(("yes_no", "consent"), "boolean"),
    **dict.fromkeys(("date", "date_range"), "date"),
}
"""Types whose answers are told as they are; those of any other are told in words."""
_WHOLE: ColumnElement[Any] = literal_column("'{}'::text[]")
"""The path to a JSON value itself, for its text."""
_SEVERAL = frozenset({"choices", "ranking"})
_FEW = 20
"""Options of a question that are offered as a filter, at most."""


@dataclass(frozen=True, slots=True)
class ToldColumn:
    """A column of a layer of cases: `object`, `period_start`. `around` is the path of the rows in which the question stands: `faces`."""

    name: str
    question: FieldType
    around: str
    kind: Kind
    part: Part
    sealed: bool

    @property
    def head(self) -> str:
        """The question, or group of rows, outside of all rows under which the answer is kept."""
        return self.around.partition(".")[0] or self.question.id

    def label_in(self, language: str) -> str:
        """What it is called."""
        return self.question.label_in(language)

    def options_in(self, language: str) -> Mapping[str, str]:
        """The words of its values, where they are ids of options that the definition writes."""
        if not isinstance(self.question, OffersOptions) or self.question.type in _SEVERAL:
            return {}
        return {option.id: option.label.for_language(language) for option in self.question.written_options}

    def value(self, answers: Mapping[str, Any], place: str) -> Any:
        """The value beside a place (its path), from canonical answers; None without an answer."""
        answer = answer_at(answers, _path(self, place))
        if answer is None:
            return None
        if self.part:
            return answer.get(self.part) if isinstance(answer, Mapping) else None
        if isinstance(self.question, OffersOptions):
            several = answer if isinstance(answer, list) else [answer]
            return ";".join(self.question.id_of(each) for each in several) or None
        if self.question.type in _KINDS:
            return answer if isinstance(answer, bool | int | float | str) else None
        return self.question.show(answer, "ja") or None

    def queryable(self) -> Queryable:
        """The same for the database, which reads nothing that is sealed; NULL where a value is of another type."""
        steps = self.around.split(".") if self.around else []
        path: list[Any] = []
        for number, group in enumerate(steps):
            path += [group, func.split_part(CasePlace.field, ".", 2 * number + 2)]
        value: Any = func.jsonb_extract_path(Case.answers, *path, self.question.id, *([self.part] if self.part else []))
        kind = func.jsonb_typeof(value)
        text = value.op("#>>")(_WHOLE)
        match self.kind:
            case "number":
                return Queryable("number", case((kind == "number", cast(text, Float))))
            case "boolean":
                return Queryable("boolean", case((kind == "boolean", cast(text, Boolean))))
            case "date":
                return Queryable("date", case((kind == "string", cast(text, Date))))
        if self.question.type in _SEVERAL:
            items = func.jsonb_array_elements(case((kind == "array", value), else_=literal([], JSONB)))
            each: Any = items.column_valued("item")
            ids = func.coalesce(each.op("->>")("id"), each.op("#>>")(_WHOLE))
            return Queryable("string", select(func.string_agg(ids, ";")).scalar_subquery())
        return Queryable("string", case((kind == "object", value.op("->>")("id")), (kind == "string", text)))


def columns_of(definition: Definition, slot: str, names: Collection[str] | None) -> list[ToldColumn]:
    """The columns beside a place (`area`, `faces.place`): of the named questions, or, without names, of all that tell of no person."""
    return list(_columns(definition, slot, names))


def _columns(definition: Definition, slot: str, names: Collection[str] | None) -> Iterator[ToldColumn]:
    for question, around in _beside(definition, slot):
        named = question.id in names if names is not None else not is_sealed_type(question)
        if not named or question.is_place or not question.is_question:
            continue
        if names is None and question.type not in _KINDS:
            continue
        head = definition.fields[around.partition(".")[0] or question.id]
        kind, sealed = _KINDS.get(question.type, "string"), is_sealed_type(head) or question.type not in _KINDS
        parts: tuple[Part, ...] = ("start", "end") if question.type == "date_range" else ("",)
        for part in parts:
            yield ToldColumn(f"{question.id}_{part}" if part else question.id, question, around, kind, part, sealed)


def _beside(definition: Definition, slot: str) -> Iterator[tuple[FieldType, str]]:
    """The questions outside of rows, then those of each group around the place, with the path of that group."""
    yield from ((field, "") for field in definition.fields.values())
    questions, around = definition.fields, ""
    for part in slot.split(".")[:-1]:
        inner = group_fields(questions[part])
        around = f"{around}.{part}" if around else part
        yield from ((question, around) for question in inner)
        questions = {question.id: question for question in inner}


def _path(column: ToldColumn, place: str) -> str:
    steps = len(column.around.split(".")) if column.around else 0
    return ".".join([*place.split(".")[: 2 * steps], column.question.id])


def raw_answers(columns: Collection[ToldColumn]) -> ColumnElement[Any]:
    """The answers that the columns are made of, as they are kept."""
    heads = sorted({column.head for column in columns})
    pairs: Any = func.jsonb_each(Case.answers).table_valued("key", "value", name="kept")
    chosen = select(func.jsonb_object_agg(pairs.c.key, pairs.c.value)).where(pairs.c.key.in_(heads))
    return chosen.scalar_subquery()


@dataclass(frozen=True, slots=True)
class FilterableQuestion:
    """A question by whose answers lists and maps of cases are filtered: its path without rows, its label, and its values in words."""

    slot: str
    label: str
    values: Mapping[str, str]


def filterable_questions(definition: Definition) -> list[FilterableQuestion]:
    """The questions with few and open answers: options that the definition writes, and yes or no."""
    return [
        FilterableQuestion(slot, question.label_in("ja"), values)
        for field in definition.fields.values()
        if not is_sealed_type(field)
        for slot, question in slots(field)
        if (values := _few_values(question))
    ]


def _few_values(question: FieldType) -> Mapping[str, str]:
    if question.type == "yes_no":
        return {"true": "はい", "false": "いいえ"}
    if not isinstance(question, OffersOptions) or question.type not in {"choice", "choices"} or question.source:
        return {}
    options = question.written_options
    return {option.id: option.label.ja for option in options} if len(options) <= _FEW else {}
