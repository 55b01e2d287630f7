"""From answers and facts to everything that follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from pydantic import JsonValue

from forms.definition.procedure import Definition
from forms.evaluation.city import City
from forms.evaluation.fee import fee_of
from forms.evaluation.program import CompiledFee, Program, program_of
from forms.evaluation.result import CheckFailure, Evaluation
from forms.evaluation.scope import Answers, Facts, fact_values, field_values, given_values, is_empty, row_values
from forms.expressions.functions import day
from forms.expressions.language import UNKNOWN, Compiled, ExpressionFailed, Values
from forms.fields import FieldError, FieldType, GroupField, ReadContext
from forms.fields.group import rows_of
from forms.fields.path import joined


def evaluate(
    definition: Definition,
    answers: Answers,
    facts: Facts,
    *,
    today: date,
    language: str = "ja",
    city: City | None = None,
) -> Evaluation:
    """Evaluate answers. Never raises for any JSON, and always terminates.

    `facts` holds what the map says of each place by question id (`area_m2`, look-ups) and shared facts by name.
    `today` is the day of the application: for a case that was submitted, the day of its submission. Without a `city`,
    as at a terminal, what needs to know it stays undecided, and places are measured in the plane made for where they lie.
    """
    with day(today):
        context = read_context(definition, ReadContext(today, language, plane=city.plane if city else None))
        return _Evaluator(definition, answers, facts, context, city).run()


def applies(definition: Definition, facts: Facts, *, today: date) -> bool | None:
    """Whether a procedure applies to a person with these facts; None while undecided."""
    program = program_of(definition)
    if program.applies is None:
        return True
    language, condition = program.applies
    with day(today):
        return condition.holds(language.values(fact_values(definition, facts)))


def read_context(definition: Definition, plain: ReadContext) -> ReadContext:
    """What field types need to know to read and check answers: what `plain` has, and the conditions inside rows."""
    return _context(program_of(definition), plain)


def _context(program: Program, plain: ReadContext) -> ReadContext:
    def row_shows(field: FieldType, row: Mapping[str, JsonValue]) -> bool:
        row_condition = program.rows.get(field.id)
        if row_condition is None:
            return True
        row_language, condition = row_condition
        values: dict[str, object] = {}
        for other in program.row_fields[field.id]:
            answer = row.get(other.id)
            if not is_empty(answer) and not other.check(answer, plain):
                values |= field_values(other, answer, {})
        return condition.holds(row_language.values(values)) is True

    return replace(plain, row_shows=row_shows)


class _Evaluator:
    """One evaluation; the values seen by expressions grow as questions turn out to be visible."""

    def __init__(
        self, definition: Definition, answers: Answers, facts: Facts, context: ReadContext, city: City | None
    ) -> None:
        self.definition = definition
        self.program = program_of(definition)
        self.facts = facts
        self.language = context.language
        self.context = context
        self.given = {
            field_id: answers[field_id]
            for field_id, field in definition.fields.items()
            if field.is_question and not is_empty(answers.get(field_id))
        }
        self.found: dict[str, Sequence[FieldError]] = {}
        self.data = given_values(definition, facts, city)
        self._values: Values | None = None

    def run(self) -> Evaluation:
        visible = self._visible()
        steps = tuple(step.id for step in self.definition.steps if any(field.id in visible for field in step.fields))
        return Evaluation(
            language=self.language,
            steps=steps,
            visible=tuple(
                path for field_id in self.definition.fields if field_id in visible for path in self._paths(field_id)
            ),
            answers={field_id: value for field_id, value in self.given.items() if field_id in visible},
            field_errors=self._field_errors(visible),
            check_failures=self._failures(steps),
            fee=fee_of(self.program.fees, self.values, self._rows),
            assign_to=self._text(self.program.assign),
            valid_until=self._last_days(),
            facts={
                field_id: self.facts[field_id] for field_id in self.definition.place_fields if field_id in self.facts
            },
        )

    @property
    def values(self) -> Values:
        """The values of everything known to be visible so far."""
        if self._values is None:
            self._values = self.program.language.values(self.data)
        return self._values

    def _visible(self) -> set[str]:
        """Questions in the order of their conditions: a hidden one hides its answer from all that follow."""
        visible: set[str] = set()
        for field_id in self.program.order:
            step = self.definition.step_of(field_id)
            conditions = (self.program.steps.get(step.id), self.program.fields.get(field_id))
            if all(condition.holds(self.values) for condition in conditions if condition):
                visible.add(field_id)
                self._take(self.definition.fields[field_id])
        return visible

    def _take(self, field: FieldType) -> None:
        """Check an answer, and make it visible to expressions if it is valid."""
        if not field.is_question:
            return
        if field.id not in self.given:
            self.found[field.id] = field.missing()
            return
        value = self.given[field.id]
        self.found[field.id] = field.check(value, self.context)
        if not self.found[field.id]:
            self.data |= field_values(field, self._shown_rows(field, value), self.facts)
            self._values = None

    def _shown_rows(self, field: FieldType, value: JsonValue) -> JsonValue:
        """A group's value without the answers that conditions inside its rows hide; any other value as it is."""
        if not isinstance(field, GroupField):
            return value
        return [
            {question.id: row[question.id] for question in field.shown(row, self.context) if question.id in row}
            for row in rows_of(value)
        ]

    def _paths(self, field_id: str) -> list[str]:
        field = self.definition.fields[field_id]
        paths = [field_id]
        if isinstance(field, GroupField):
            for number, row in enumerate(rows_of(self.given.get(field_id))):
                paths += [f"{field_id}.{number}.{question.id}" for question in field.shown(row, self.context)]
        return paths

    def _field_errors(self, visible: set[str]) -> dict[str, tuple[FieldError, ...]]:
        by_path: dict[str, tuple[FieldError, ...]] = {}
        for field_id in self.definition.fields:
            for error in self.found.get(field_id, ()) if field_id in visible else ():
                path = joined(field_id, error.path)
                by_path[path] = (*by_path.get(path, ()), error)
        return by_path

    def _failures(self, steps: tuple[str, ...]) -> tuple[CheckFailure, ...]:
        return tuple(
            CheckFailure(step.id, check.field, check.message)
            for step in self.definition.steps
            if step.id in steps
            for number, check in enumerate(step.checks)
            if self.program.checks[step.id, number].holds(self.values) is False
        )

    def _rows(self, fee: CompiledFee) -> Sequence[Values] | None:
        group_id = fee.rule.each or ""
        group = self.definition.fields[group_id]
        if group_id not in self.data:
            # Not asked, or asked and left empty where that is allowed: there is no row to pay for.
            return None if self.found.get(group_id) else ()
        rows = rows_of(self._shown_rows(group, self.given[group_id]))
        return [fee.language.values(self.data | row_values(group, row)) for row in rows]

    def _value(self, expression: Compiled | None) -> object:
        if expression is None:
            return UNKNOWN
        try:
            return expression.value(self.values)
        except ExpressionFailed:
            return UNKNOWN

    def _text(self, expression: Compiled | None) -> str | None:
        value = self._value(expression)
        return value if isinstance(value, str) else None

    def _last_days(self) -> dict[str, date]:
        days = {document: self._value(until) for document, until in self.program.valid_until.items()}
        return {document: until.date() for document, until in days.items() if isinstance(until, datetime)}
