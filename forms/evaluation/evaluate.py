"""From answers and facts to everything that follows from them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import JsonValue

from forms.bundling.composition import Composition
from forms.bundling.reading_rows import united_context
from forms.bundling.uniting import united
from forms.definition.procedure import Definition
from forms.definition.step import Step
from forms.evaluation.capacity import claims_of
from forms.evaluation.city import CITY_TYPES, City
from forms.evaluation.compiled import CompiledRows
from forms.evaluation.consents import consents_of
from forms.evaluation.defaults import CompiledDefault
from forms.evaluation.fee import fee_of
from forms.evaluation.offer_judge import OfferJudge
from forms.evaluation.offered import DefinitionOffers
from forms.evaluation.program import program_of
from forms.evaluation.result import CheckFailure, Evaluation
from forms.evaluation.rows import RowJudges, Surroundings, asked_in_rows, outside_row
from forms.evaluation.scope import (
    Answers,
    Facts,
    facts_in_row,
    field_values,
    given_values,
    is_empty,
    row_lists,
    row_values,
)
from forms.evaluation.statements import filled_statements
from forms.evaluation.survey import KEPT_FACTS
from forms.expressions.functions.dates import day
from forms.expressions.language import Compiled, scope
from forms.expressions.values import ANSWERED, NOTHING_FOUND, ExpressionFailed, NotDecided
from forms.fields import FieldError, FieldType, GroupField, ReadContext
from forms.fields.base import Features, Rows
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
    features: Features | None = None,
) -> Evaluation:
    """Evaluate answers. Never raises for any JSON, and always terminates.

    `facts` holds what the map says of each place by question id (`area_m2`, look-ups) and shared facts by name.
    What follows from the answers to a composition is what follows, for each of its procedures, from its share of them.
    `today` is the day of the application: for a case that was submitted, the day of its submission. Without a `city`,
    as at a terminal, checks that need to know it do not apply, and places are measured in the plane made for where they lie.
    Without `features` options that are features of a map layer count as they were chosen.
    """
    plain = ReadContext(today, language, plane=city.plane if city else None, features=features)
    return _evaluate(definition, answers, facts, plain, city)


def _evaluate(
    definition: Definition, answers: Answers, facts: Facts, plain: ReadContext, city: City | None
) -> Evaluation:
    if isinstance(definition, Composition):
        outcomes = {
            key: _evaluate(member.definition, member.share(answers), member.facts(facts), plain, city)
            for key, member in definition.members.items()
        }
        return united(definition, outcomes)
    with day(plain.today):
        return Evaluator(definition, answers, facts, plain, city).run()


def read_context(
    definition: Definition, plain: ReadContext, answers: Answers, facts: Facts, city: City | None
) -> ReadContext:
    """What field types need to know to read and check answers: what `plain` has, and the conditions inside rows.

    `answers` are those outside of what is read; conditions inside rows may speak of them.
    """
    if isinstance(definition, Composition):
        contexts = {
            key: read_context(member.definition, plain, member.share(answers), member.facts(facts), city)
            for key, member in definition.members.items()
        }
        outcome = _evaluate(definition, answers, facts, plain, city)
        return united_context(definition, plain, contexts, outcome.shares)
    program = program_of(definition)
    with day(plain.today):
        if any(rows.looks_outside for rows in program.rows.values()):
            evaluator = Evaluator(definition, answers, facts, plain, city)
            evaluator.run()
            around = Surroundings(plain, evaluator.scope, facts, answers, evaluator.unsettled)
        else:
            around = Surroundings(plain, scope(given_values(definition, facts, city)), facts, answers)
    return RowJudges(program, program.rows, around).context()


class Evaluator(OfferJudge):
    """One evaluation; the values that expressions work with (`scope`) grow as questions turn out to be visible."""

    def __init__(
        self, definition: Definition, answers: Answers, facts: Facts, plain: ReadContext, city: City | None
    ) -> None:
        self.definition = definition
        self.program = program_of(definition)
        self.names = self.program.language.names
        self.facts = facts
        self.city = city
        self.language = plain.language
        self.scope = scope(given_values(definition, facts, city), set())
        self.answers = {
            field_id: answers[field_id]
            for field_id, field in definition.fields.items()
            if field.is_question and not is_empty(answers.get(field_id))
        }
        self.errors: dict[str, Sequence[FieldError]] = {}
        self.rows: dict[str, list[JsonValue]] = {}
        self.visible: set[str] = set()
        self.unsettled: set[str] = set()
        self.waiting: set[str] = set()
        self.demanded: set[str] = set()
        self.defaults: set[str] = set()
        self.row_limits: dict[str, tuple[int, int]] = {}
        plain = replace(
            plain,
            withholds=self.withholds,
            row_options=self.row_options,
            day_rule=self.day_rule,
            answers=self.answers,
        )
        around = Surroundings(plain, self.scope, facts, self.answers, self.unsettled)
        self.judges = RowJudges(self.program, self.program.rows, around, remembers=True)
        self.context = self.judges.context()

    def run(self) -> Evaluation:
        """Judge everything, within `day(…)`."""
        self._judge_questions()
        steps = tuple(step for step in self.definition.steps if any(field.id in self.visible for field in step.fields))
        shown = [field_id for field_id in self.definition.fields if field_id in self.visible]
        return Evaluation(
            language=self.language,
            steps=tuple(step.id for step in steps),
            visible=self._paths(shown),
            answers={
                field_id: self.rows.get(field_id, self.answers[field_id])
                for field_id in shown
                if field_id in self.answers
            },
            field_errors=self._field_errors(shown),
            check_failures=self._failures(steps, "error"),
            fee=fee_of(self.program.fees, self.scope, self.unsettled, self.row_scopes, self.definition, self.facts),
            places=claims_of(self.program.capacity, self.scope, self.unsettled, self.row_scopes, self.answers),
            consents=consents_of(
                self.program.consents, self.definition.fields, self._sound_answers(), self.scope, self.row_scopes
            ),
            payout=fee_of(self.program.payouts, self.scope, self.unsettled, self.row_scopes),
            assign_to=self._text(self.program.assign),
            valid_until=self._last_days(),
            waiting=frozenset(self.waiting),
            required=frozenset(self._demanded_paths()),
            warnings=self._failures(steps, "warning"),
            defaults=frozenset(self.defaults),
            statements=filled_statements(self.program.statements, self.visible, self.scope),
            offers=DefinitionOffers(self.context, self.program, self.judges),
            row_limits=self.row_limits,
            computed={
                value.id: self.scope[value.id]
                for value in self.definition.compute
                if self.scope.get(value.id, NOTHING_FOUND) is not NOTHING_FOUND
                and not self.program.computed_from[value.id] & self.unsettled
            },
            facts={
                path: self.facts[path]
                for path in (*self.definition.places_in(self.answers), *KEPT_FACTS)
                if path in self.facts
            },
        )

    def _sound_answers(self) -> dict[str, JsonValue]:
        return {
            name: self.rows.get(name, value)
            for name, value in self.answers.items()
            if name in self.visible and not self.errors.get(name)
        }

    def _judge_questions(self) -> None:
        """Questions in the order of their conditions: a hidden one hides its answer from all that follow.

        A condition that cannot be worked out hides nothing.
        """
        fields, conditions, defaults = self.definition.fields, self.program.conditions, self.program.defaults
        for field_id in self.program.order:
            if field_id in self.program.computed:
                self._compute(field_id)
                continue
            if field_id in conditions and any(c.holds(self.scope) is False for c in conditions[field_id]):
                continue
            field = fields[field_id]
            self.visible.add(field_id)
            if field_id in defaults:
                self._fill_in(field, defaults[field_id])
            if field.is_question:
                self._take(field)
        for field_id, condition in self.program.required.items():
            if field_id in self.visible and condition.holds(self.scope) is not False:
                self.demanded.add(field_id)
                if field_id not in self.answers:
                    self._miss(self.definition.fields[field_id].demanded())
        for group_id, rows in self.program.rows.items():
            group = self.definition.fields[group_id]
            if group_id in self.visible and isinstance(group, GroupField) and (rows.least or rows.most):
                self._count_rows(group, rows)

    def _count_rows(self, group: GroupField, rows: CompiledRows) -> None:
        """Judge how many rows there are where that follows from other answers, once those are given."""
        if self.program.questions(rows.least, rows.most) & self.unsettled:
            return
        try:
            least = int(rows.least.value(self.scope)) if rows.least else group.least
            most = int(rows.most.value(self.scope)) if rows.most else group.most
        except (ExpressionFailed, NotDecided):
            errors = [FieldError("rows_undecided")]
        else:
            least, most = max(least, 0), min(most, group.most)
            self.row_limits[group.id] = least, most
            count = len(rows_of(self.answers.get(group.id)))
            errors = group.count_errors(count, least, most) if count or group.required else []
        if errors and not self.errors.get(group.id):
            self.errors[group.id] = errors
            self.unsettled.add(group.id)

    def _compute(self, name: str) -> None:
        """Work out a named value. One that cannot be worked out is missing from then on, like a look-up that found nothing."""
        value = self._value(self.program.computed[name])
        if value is not None:
            self.scope[name] = value
        elif self.program.computed[name].result != "timestamp":
            self.scope[name] = NOTHING_FOUND

    def _fill_in(self, field: FieldType, default: CompiledDefault) -> None:
        """Answer a question with its default: where nobody else has, and always where nobody else may.

        What is still to be answered or corrected gives no default yet.
        """
        if field.id in self.answers and not field.read_only:
            return
        self.answers.pop(field.id, None)
        if self.program.sources(field.id) & self.unsettled or (default.copied and default.copied not in self.visible):
            return
        answer = default.answer(field, self.answers, self.scope)
        if not is_empty(answer):
            self.answers[field.id] = answer
            self.defaults.add(field.id)

    def _take(self, field: FieldType) -> None:
        """Check an answer, and give it to expressions if it is valid."""
        if field.id not in self.answers:
            self._miss(field)
            return
        value = self.answers[field.id] = field.normalized(self.answers[field.id], self.context)
        if isinstance(field, GroupField):
            taken = self._take_rows(field, self._fill_in_rows(field, value))
        elif taken := self._is_sound(field, value):
            self.scope.update(field_values(field, value, self.facts, self.names.types))
        if taken:
            self.scope[ANSWERED].add(field.id)

    def _take_rows(self, group: GroupField, value: JsonValue) -> bool:
        """Check the rows of a group, and give them to expressions if they are valid; return whether they are."""
        is_sound = self._is_sound(group, value)
        rows = rows_of(value)
        self.rows[group.id] = [self._shown_answers(group, rows, number) for number in range(len(rows))]
        if is_sound:
            self.scope[group.id] = row_lists(group, self.rows[group.id], self.facts, self.names.rows)
        return is_sound

    def _is_sound(self, field: FieldType, value: JsonValue) -> bool:
        errors = field.check(value, self.context)
        if errors:
            self.errors[field.id] = errors
            self.unsettled.add(field.id)
        return not errors

    def _miss(self, field: FieldType) -> None:
        """An answer is demanded, unless the question shows only because of one that is still to be answered itself."""
        missing = field.missing()
        if not missing:
            return
        self.unsettled.add(field.id)
        conditions = self.program.conditions.get(field.id, ())
        needed = self.program.questions(*conditions) | self.program.sources(field.id)
        if needed & self.unsettled - {field.id}:
            self.waiting.add(field.id)
        else:
            self.errors[field.id] = missing

    def _shown_answers(self, group: GroupField, rows: Rows, number: int) -> dict[str, JsonValue]:
        """A row without the answers that conditions inside it hide."""
        if self.program.rows[group.id].is_plain:
            return {question.id: rows[number][question.id] for question in group.fields if question.id in rows[number]}
        return self.judges.row(group, rows, number).answers

    def _fill_in_rows(self, group: GroupField, value: JsonValue) -> JsonValue:
        """The rows of a group with what defaults answer in them."""
        rows = rows_of(value)
        if not self.program.rows[group.id].fills or not isinstance(value, list) or len(rows) < len(value):
            return value
        judged = [self.judges.row(group, rows, number) for number in range(len(rows))]
        self.defaults |= {joined(f"{group.id}.{n}", path) for n, row in enumerate(judged) for path in row.defaults}
        filled: list[JsonValue] = [row.filled for row in judged]
        self.answers[group.id] = filled
        return filled

    def _paths(self, shown: Sequence[str]) -> tuple[str, ...]:
        """The paths of the questions that show, each with those that its rows ask."""
        groups = self.program.rows.keys() & self.visible
        inside = {group_id: [path for path, _question in self._asked_in_rows(group_id)] for group_id in groups}
        return tuple(path for field_id in shown for path in (field_id, *inside.get(field_id, ())))

    def _asked_in_rows(self, group_id: str) -> Iterator[tuple[str, FieldType]]:
        rows = rows_of(self.answers.get(group_id))
        return asked_in_rows(self.definition.fields[group_id], rows, group_id, self.context)

    def _demanded_paths(self) -> Iterator[str]:
        """The paths of questions that show whose answers a condition demands."""
        yield from self.demanded
        for group_id in self.program.rows.keys() & self.visible:
            for path, question in self._asked_in_rows(group_id):
                if question.required and question.required_when is not None:
                    yield path

    def _field_errors(self, shown: Sequence[str]) -> dict[str, tuple[FieldError, ...]]:
        by_path: dict[str, tuple[FieldError, ...]] = {}
        for field_id in shown:
            for error in self.errors.get(field_id, ()):
                path = joined(field_id, error.path)
                by_path[path] = (*by_path.get(path, ()), error)
        return by_path

    def _failures(self, steps: Sequence[Step], level: str) -> tuple[CheckFailure, ...]:
        failures = []
        for step in steps:
            for number, check in enumerate(step.checks):
                if check.level != level:
                    continue
                condition = self.program.checks[step.id, number]
                holds = condition.holds(self.scope) if self.is_judged(condition) else True
                if holds is not True:
                    failures.append(CheckFailure(step.id, number, check.marked, check.message, judged=holds is False))
        return tuple(failures)

    def is_judged(self, condition: Compiled) -> bool:
        """Whether a check applies: something it speaks of is asked, and nothing of it is waiting to be answered or corrected."""
        if self.city is None and any(name in CITY_TYPES for name in condition.names - self.definition.fields.keys()):
            return False
        questions = self.program.questions(condition)
        return not questions & self.unsettled and (not questions or bool(questions & self.visible))

    def row_scopes(self, group_id: str) -> list[dict[str, Any]]:
        """What an expression for each row of a group is worked out from."""
        group = self.definition.fields[group_id]
        scopes = []
        for number, row in enumerate(rows_of(self.rows.get(group_id)) if group_id in self.scope else ()):
            facts = facts_in_row(group, self.facts, number)
            values, answered = row_values(group, row, facts, self.names.rows)
            scopes.append(outside_row(self.program.rows[group_id], self.scope, answered) | values)
        return scopes

    def _value(self, expression: Compiled | None) -> object:
        if expression is None:
            return None
        try:
            return expression.value(self.scope)
        except (ExpressionFailed, NotDecided):
            return None

    def _text(self, expression: Compiled | None) -> str | None:
        value = self._value(expression)
        return value if isinstance(value, str) and value else None

    def _last_days(self) -> dict[str, date]:
        days = {document: self._value(until) for document, until in self.program.valid_until.items()}
        return {document: until for document, until in days.items() if isinstance(until, date)}
