"""`group`: the same few questions for each of several things (children, items of waste); once more in each of its rows (their schools)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator
from typing_extensions import override

from forms.definition.strict_model import Expression, StrictModel
from forms.fields.base import FieldError, FieldId, FieldType, ReadContext, Reading
from forms.fields.path import FieldPath, joined
from forms.fields.reader import MAX_ROWS, FormReader
from forms.text.localized import Text
from forms.text.messages import message
from forms.text.ways import ways_of

#: A number of rows as it is written, or an expression over the answers around the group that comes out as one.
Count = Annotated[
    Annotated[int, Field(ge=0, le=MAX_ROWS), Tag("number")] | Annotated[Expression, Tag("expression")],
    Discriminator(lambda value: "expression" if isinstance(value, str) else "number"),
]
_NUMBERS = frozenset({"integer", "number", "money"})


class Unique(StrictModel):
    """Questions of a row whose answers, taken together, no other row may have. A row that lacks one of them is not compared."""

    fields: tuple[FieldId, ...] = Field(min_length=1, max_length=6)
    message: Text | None = None


class JointApplicants(StrictModel):
    """The rows are the people who apply together (連名): `who` is the question of a row for the applicant, `representative` the yes or no
    that marks the one the office deals with (代表者).
    """

    who: FieldId
    representative: FieldId


class RowValue(StrictModel):
    """A value of a row with a name, worked out from what the row says and what stands outside. Expressions use it as they use the
    answers of the row, other values too. It stands for its expression and is no answer: what it speaks of, whoever uses it speaks of.
    """

    id: FieldId
    value: Expression


class RowsFrom(StrictModel):
    """What is known already when the rows are asked for: each person named by one of the shared `items` is filled in as a row.

    An item is that of another group (`household.members`), each row of which is a person, or the first word of items that together
    name one (`person`, `child`). The first that is answered counts. A row takes the answers to items of the same last word and type:
    `child.birthday` what `person.birthday` says. `where` is a condition over the questions of the row that such a row must meet.
    """

    items: tuple[Annotated[str, Field(max_length=60)], ...] = Field(min_length=1, max_length=4)
    where: Expression | None = None


class GroupField(FieldType):
    """Rows of the fields `fields`, from `min` to `max` of them; `row` names one row (「お子さん」).

    A row in which nothing was answered does not count, so an empty last row needs no deleting. Where a limit is an expression the
    evaluation judges it, and here the widest one holds. `totals` are the number questions whose sums stand under the rows. With `same_as_above` a row can take
    over what the one above it says. With `pages: each` a page lists the rows, and each is filled in on a page of its own. `rows_from` says who is
    filled in before anybody writes.

    What is common to a group of the form and one in a row of such a group; see `forms.fields.nesting` for both.
    """

    takes_default = False

    type: Literal["group"]
    fields: Sequence[FieldType]
    min: Count = 1
    max: Count = 10
    row: Text | None = None
    unique: tuple[Unique, ...] = Field(default=(), max_length=5)
    totals: tuple[FieldId, ...] = Field(default=(), max_length=6)
    same_as_above: bool = False
    pages: Literal["one", "each"] = "one"
    applicants: JointApplicants | None = None
    rows_from: RowsFrom | None = None
    compute: tuple[RowValue, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _rows_are_possible(self) -> Self:
        if self.least > self.most:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        if self.most < 1:
            raise ValueError("max が0なので、だれも答えられません。")
        ids = [field.id for field in self.fields]
        if len(ids) != len(set(ids)):
            raise ValueError("くり返しの中に、同じ id の質問が2つあります。")
        named = [*ids, *(value.id for value in self.compute)]
        if same := next((name for name in named if named.count(name) > 1), None):
            raise ValueError(f"くり返しの compute の「{same}」は、ほかの質問か値と同じ名前です。")
        for rule in self.unique:
            for name in rule.fields:
                if name not in ids:
                    raise ValueError(
                        f"unique の「{name}」は、この行の質問ではありません。使えるのは {'、'.join(ids)} です。"
                    )
        numbers = [field.id for field in self.fields if field.type in _NUMBERS]
        for name in self.totals:
            if name not in numbers:
                can = f"使えるのは {'、'.join(numbers)} です。" if numbers else "この行に、数の質問はありません。"
                raise ValueError(f"totals の「{name}」は、この行の数の質問ではありません。{can}")
        return self

    @model_validator(mode="after")
    def _applicants_are_asked_for(self) -> Self:
        if self.applicants is None:
            return self
        for setting, kind, name in (
            ("who", "applicant", self.applicants.who),
            ("representative", "yes_no", self.applicants.representative),
        ):
            always = (field for field in self.fields if field.required and field.show_when is None)
            fitting = [field.id for field in always if field.type == kind]
            if name not in fitting:
                can = (
                    f"使えるのは {'、'.join(fitting)} です。"
                    if fitting
                    else f"行に {kind} の必須の質問を加えてください。"
                )
                raise ValueError(
                    f"applicants の {setting}「{name}」は、この行でいつも聞く、必須の {kind} の質問ではありません。{can}"
                )
        return self

    @property
    def least(self) -> int:
        """The fewest rows whatever the answers around them."""
        return self.min if isinstance(self.min, int) else 0

    @property
    def most(self) -> int:
        """The most rows whatever the answers around them."""
        return self.max if isinstance(self.max, int) else MAX_ROWS

    def count_errors(self, count: int, least: int, most: int) -> list[FieldError]:
        """What is wrong with a number of rows between these limits."""
        if count < least:
            return [FieldError("rows_min", values={"min": least})]
        if count > most:
            return [FieldError("rows_max", values={"max": most})]
        return []

    def shown_totals(self, rows: object, language: str) -> list[tuple[str, str]]:
        """The totals of the rows, each with its label, of what is answered."""
        shown = []
        for field in self.fields:
            if field.id in self.totals:
                numbers = [value for row in rows_of(rows) if isinstance(value := row.get(field.id), int | float)]
                total = fsum(numbers) if any(isinstance(number, float) for number in numbers) else sum(numbers)
                shown.append(
                    (message("total_of", language, label=field.label_in(language)), field.show(total, language))
                )
        return shown

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        filled = {number: row for number, row in form.rows().items() if _is_filled(row)}
        posted = list(filled)
        readings = [self._readings(row, context, ()) for row in filled.values()]
        typed = [{name: read.value for name, read in row.items() if read.value is not None} for row in readings]
        if self.inner_groups:  # what their rows ask may follow from the rest of their row
            for position, row in enumerate(filled.values()):
                inner = self._readings(row, context.within(self, typed, position), self.inner_groups)
                readings[position] |= inner
                typed[position] |= {name: sound for name, read in inner.items() if (sound := read.value or read.sound)}
        rows: list[JsonValue] = []
        errors: list[FieldError] = []
        shown: list[str] = []
        for position, number in enumerate(posted):
            fields = context.shown_in_row(self, typed, position)
            rows.append({field.id: typed[position][field.id] for field in fields if field.id in typed[position]})
            errors += [
                error.under(field.id).under(str(number))
                for field in fields
                for error in _errors_of(field, readings[position][field.id], answered=field.id in typed[position])
            ]
            shown += [f"{number}.{field.id}" for field in fields if field.show_when]
            shown += [f"{number}.{field.id}.{part}" for field in fields for part in readings[position][field.id].shown]
        if not rows:
            return self.absent()
        errors += self.count_errors(len(rows), self.least, self.most)
        errors += [error.under(str(posted[position])) for position, error in self._between(rows)]
        numbers = (FieldPath.parse(error.path).number for error in errors)
        unfinished = frozenset(row for row in numbers if row is not None)
        inner_rows = {
            joined(f"{posted[position]}.{field.id}", path): numbers
            for position, row in enumerate(readings)
            for field in self.inner_groups
            for path, numbers in {"": row[field.id].rows, **row[field.id].inner_rows}.items()
        }
        value = None if errors else rows
        return Reading(value, tuple(errors), tuple(shown), tuple(posted), rows, unfinished, inner_rows)

    @property
    def inner_groups(self) -> tuple["GroupField", ...]:
        """The groups in each of its rows."""
        return tuple(field for field in self.fields if isinstance(field, GroupField))

    def _readings(self, form: FormReader, context: ReadContext, groups: Sequence[FieldType]) -> dict[str, Reading]:
        """The questions of one row as they were posted, whether they show or not: those of `groups`, or all that are no groups."""
        questions = groups or [field for field in self.fields if not isinstance(field, GroupField)]
        return {field.id: field.read(form.within(field.id), context) for field in questions}

    def _between(self, rows: Sequence[JsonValue]) -> Iterator[tuple[int, FieldError]]:
        """What is wrong between the rows, each with the row that it is marked at."""
        yield from self._repeated(rows)
        yield from self._representatives(rows_of(rows))

    def _representatives(self, rows: Sequence[Mapping[str, JsonValue]]) -> Iterator[tuple[int, FieldError]]:
        """That of several applicants not just one is the representative; said once all have answered."""
        name = self.applicants.representative if self.applicants else ""
        if not name or len(rows) < 2 or any(name not in row for row in rows):
            return
        chosen = [number for number, row in enumerate(rows) if row[name] is True]
        if not chosen:
            yield 0, FieldError("representative_none").under(name)
        for number in chosen if len(chosen) > 1 else ():
            yield number, FieldError("representative_many").under(name)

    def representative_of(self, rows: Sequence[Mapping[str, Any]]) -> int | None:
        """The row of the representative of several applicants, or of the only one; None where the rows are no applicants, or
        nobody is chosen yet.
        """
        if self.applicants is None or not rows:
            return None
        name = self.applicants.representative
        return next((number for number, row in enumerate(rows) if row.get(name) is True), 0 if len(rows) == 1 else None)

    def _repeated(self, rows: Sequence[JsonValue]) -> Iterator[tuple[int, FieldError]]:
        """The rows that say what another one says, with the error at the first question of the rule; each of them is marked."""
        for rule in self.unique:
            numbers: dict[str, list[int]] = {}
            for number, row in enumerate(rows_of(rows)):
                if all(name in row for name in rule.fields):
                    answers = json.dumps([row[name] for name in rule.fields], sort_keys=True)
                    numbers.setdefault(answers, []).append(number)
            for same in numbers.values():
                for number in same if len(same) > 1 else ():
                    other = next(other for other in same if other != number)
                    error = FieldError("rows_same", values={"other": other + 1}, text=rule.message)
                    yield number, error.under(rule.fields[0])

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("rows_min", values={"min": max(self.least, 1)})] if self.required and self.least else []

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return [FieldError("malformed")]
        errors = self.count_errors(len(value), self.least, self.most)
        for number in range(min(len(value), self.most)):
            errors += [error.under(str(number)) for error in self._check_row(value, number, context)]
        if not errors:
            errors = [error.under(str(number)) for number, error in self._between(self._shown(value, context))]
        return errors

    def _shown(self, rows: list[dict[str, JsonValue]], context: ReadContext) -> list[JsonValue]:
        """The rows without what their conditions hide; looked at only where rows are compared."""
        if not self.unique and self.applicants is None:
            return []
        return [
            {field.id: row[field.id] for field in context.shown_in_row(self, rows, number) if field.id in row}
            for number, row in enumerate(rows)
        ]

    def _check_row(self, rows: list[dict[str, JsonValue]], number: int, context: ReadContext) -> list[FieldError]:
        row = rows[number]
        if not set(row) <= {field.id for field in self.fields}:
            return [FieldError("malformed")]
        errors: list[FieldError] = []
        inner = context.within(self, rows, number)
        for field in context.shown_in_row(self, rows, number):
            errors += [error.under(field.id) for error in field.check(row.get(field.id), inner)]
        return errors

    @override
    def normalized(self, value: Any, context: ReadContext) -> Any:
        if not isinstance(value, list):
            return value
        by_id = {field.id: field for field in self.fields}
        return [
            {name: by_id[name].normalized(item, context) if name in by_id else item for name, item in row.items()}
            if isinstance(row, dict)
            else row
            for row in value
        ]

    @override
    def taken(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        by_id = {field.id: field for field in self.fields}
        return [
            {name: by_id[name].taken(item) if name in by_id else item for name, item in row.items()}
            if isinstance(row, dict)
            else row
            for row in value
        ]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        filled: dict[str, str | list[str]] = {}
        for number, row in enumerate(rows_of(value)):
            for field in self.fields:
                for part, text in field.inputs(row.get(field.id)).items():
                    filled[joined(f"{number}.{field.id}", part)] = text
        return filled

    @override
    def show(self, value: JsonValue, language: str) -> str:
        lines = []
        for row in rows_of(value):
            lines.append(self.show_row(row, language))
        return "\n".join(lines)

    def show_row(self, row: Mapping[str, JsonValue], language: str) -> str:
        """One row in one line; what stands in the rows within it is in brackets, and yes or no behind its question."""
        shown = []
        for field in self.fields:
            text = field.show(row.get(field.id), language)
            if text and isinstance(field, GroupField):
                text = f"{field.label_in(language)}（{text.replace(chr(10), ' / ')}）"
            elif text and field.type == "yes_no":  # a yes by itself says nothing
                text = ways_of(language).labelled(field.label_in(language), text)
            shown.append(text)
        return ways_of(language).listed(text for text in shown if text)


def _errors_of(field: FieldType, reading: Reading, *, answered: bool) -> Sequence[FieldError]:
    """What is to be corrected in one question of a row; what is left empty may still have its default, which the evaluation knows."""
    missing = tuple(field.missing())
    errors = reading.errors or (() if answered else missing)
    return () if field.default is not None and errors == missing else errors


def rows_of(value: object) -> list[dict[str, JsonValue]]:
    """The rows of a group's value, whatever the value."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _is_filled(form: FormReader) -> bool:
    return any(
        text.strip() for values in form.raw().values() for text in ([values] if isinstance(values, str) else values)
    )
