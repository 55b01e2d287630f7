"""What the rows of a group ask and say, seen from the answers around them; rows within rows see the row around them too."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from forms.definition.procedure import group_fields
from forms.evaluation.compiled import CompiledRows
from forms.evaluation.program import Program
from forms.evaluation.scope import Answers, Facts, facts_in_row, field_values, is_empty, row_lists
from forms.expressions.functions.dates import day
from forms.expressions.language import row_scope
from forms.expressions.values import ANSWERED, ExpressionFailed, NotDecided
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.base import Rows
from forms.fields.date import DateField
from forms.fields.day_offer import DayRule
from forms.fields.group import rows_of
from forms.fields.options import Option
from forms.fields.path import joined


@dataclass(frozen=True)
class JudgedRow:
    """What follows from one row.

    `shown` are the questions that it asks, as its conditions demand them. `filled` is the row with what `default` answers in it,
    `answers` that without what its conditions hide. `defaults` are the paths within the row of what `default` has answered, `context`
    is what its questions are read and checked against, and `inner` judges the rows in it.
    """

    shown: Sequence[FieldType]
    filled: dict[str, JsonValue]
    answers: dict[str, JsonValue]
    defaults: frozenset[str]
    context: ReadContext
    inner: "RowJudges"


@dataclass(frozen=True)
class Surroundings:
    """What rows see around them.

    `scope` has the values of expressions and `known` the answers, both of which may still grow; questions that are `unsettled`
    are still to be answered or corrected. `facts` are what the map says of the places in the rows of `known`.
    """

    plain: ReadContext
    scope: dict[str, Any]
    facts: Facts
    known: Answers
    unsettled: AbstractSet[str] = frozenset()


class RowJudges:
    """The rows of all groups that stand beside each other. With `remembers` each row is judged once."""

    def __init__(
        self, program: Program, compiled: Mapping[str, CompiledRows], around: Surroundings, *, remembers: bool = False
    ) -> None:
        self.program, self.compiled, self.around, self.remembers = program, compiled, around, remembers
        self._judges: dict[str, _RowJudge] = {}
        self._judged: dict[tuple[str, int], tuple[object, JudgedRow]] = {}

    def context(self) -> ReadContext:
        """What `plain` has, and what the rows ask."""
        return replace(self.around.plain, shown_in_row=self.shown_in_row, in_row=self.in_row)

    def shown_in_row(self, group: FieldType, rows: Rows, number: int) -> Sequence[FieldType]:
        """The questions that a row asks: an answer that is hidden itself, or unsound, shows nothing further."""
        return group_fields(group) if self.compiled[group.id].is_plain else self.row(group, rows, number).shown

    def in_row(self, group: FieldType, rows: Rows, number: int) -> ReadContext | None:
        """What the questions of a row are judged against; None where that is the same as outside."""
        return None if self.compiled[group.id].is_plain else self.row(group, rows, number).context

    def row(self, group: FieldType, rows: Rows, number: int) -> JudgedRow:
        """Everything that follows from one row."""
        key = group.id, id(rows[number])
        if (known := self._judged.get(key)) is not None:
            return known[1]
        judge = self._judges.get(group.id)
        if judge is None:
            judge = self._judges[group.id] = _RowJudge(group, self.program, self.compiled[group.id], self.around)
        with day(self.around.plain.today):
            judged = judge.judge(rows, number, remembers=self.remembers)
        if self.remembers:
            self._judged[key] = rows[number], judged  # the row itself, so that its id is not given to another
        return judged


class _RowJudge:
    """What the rows of one group ask and say."""

    def __init__(self, group: FieldType, program: Program, compiled: CompiledRows, around: Surroundings) -> None:
        self.group, self.program, self.compiled, self.around = group, program, compiled, around
        self.facts = _RowFacts(group, around.facts, around.known)
        self.types = program.language.names.rows
        self.rows: Rows = ()
        self.as_given: list[dict[str, Any]] = []

    def judge(self, rows: Rows, number: int, *, remembers: bool) -> JudgedRow:
        """Go through the questions in the order of what they need."""
        scope = outside_row(self.compiled, self.around.scope, set())
        if self.compiled.looks_at_rows:
            scope[self.group.id] = self._as_given(rows)
        walk = _RowWalk(self, scope, rows[number], number, remembers=remembers)
        for question_id in self.compiled.order:
            condition = self.compiled.conditions.get(question_id)
            if condition is None or condition.holds(scope) is not False:
                walk.ask(question_id)
        return walk.judged()

    def _as_given(self, rows: Rows) -> list[dict[str, Any]]:
        """The rows as they see each other: all sound answers, because what one hides may depend on the others in turn.

        Made once for the rows that are judged one after the other.
        """
        if rows is not self.rows:
            self.rows, self.as_given = rows, []
            for number, row in enumerate(rows):
                values: dict[str, object] = {}
                answered: set[str] = set()
                for question in group_fields(self.group):
                    answer = row.get(question.id)
                    if not is_empty(answer) and not question.check(answer, self.around.plain):
                        self.take(question, answer, number, values, answered)
                self.as_given.append(row_scope(values, answered))
        return self.as_given

    def take(
        self, question: FieldType, answer: JsonValue, number: int, values: dict[str, Any], answered: set[str]
    ) -> None:
        """Add a sound answer to the values."""
        if isinstance(question, GroupField):
            values[question.id] = row_lists(question, answer, {}, self.types)
        else:
            facts = self.facts.of(question, answer, number) if question.is_place else {}
            values |= field_values(question, answer, facts, self.types[self.group.id])
        answered.add(question.id)


class _RowWalk:
    """One row, question by question; `scope` grows with what is sound."""

    def __init__(
        self,
        judge: _RowJudge,
        scope: dict[str, Any],
        row: Mapping[str, JsonValue],
        number: int,
        *,
        remembers: bool,
    ) -> None:
        self.rules, self.scope, self.row, self.number = judge, scope, row, number
        self.compiled, self.around = judge.compiled, judge.around
        self.by_id = {question.id: question for question in group_fields(judge.group)}
        self.filled: dict[str, JsonValue] = dict(row)
        self.answers: dict[str, JsonValue] = {}
        self.shown: set[str] = set()
        self.defaults: set[str] = set()
        self.unsettled: set[str] = set()
        around = Surroundings(self.around.plain, scope, {}, {**self.around.known, **row}, self.around.unsettled)
        self.inner = RowJudges(judge.program, self.compiled.inner, around, remembers=remembers)
        self.context = replace(self.inner.context(), withholds=self._withholds, day_rule=self._day_rule)

    def ask(self, question_id: str) -> None:
        """Take a question that shows, with its answer or its default."""
        question = self.by_id[question_id]
        self.shown.add(question_id)
        if isinstance(question, GroupField):
            question = self._limited(question)
        answer = self._filled_in(question)
        if is_empty(answer):
            if question.missing():
                self.unsettled.add(question_id)
            return
        if isinstance(question, GroupField):
            answer = self._inner_rows(question, rows_of(answer))
        self.answers[question_id] = answer
        if question.check(answer, self.context):
            self.unsettled.add(question_id)
        else:
            self.rules.take(question, answer, self.number, self.scope, self.scope[ANSWERED])

    def judged(self) -> JudgedRow:
        """The row after all its questions."""
        for question_id, condition in self.compiled.required.items():
            if condition.holds(self.scope) is not False:
                self.by_id[question_id] = self.by_id[question_id].demanded()
        shown = [question for question in self.by_id.values() if question.id in self.shown]
        answers = {question.id: self.answers[question.id] for question in shown if question.id in self.answers}
        return JudgedRow(shown, self.filled, answers, frozenset(self.defaults), self.context, self.inner)

    def _filled_in(self, question: FieldType) -> JsonValue:
        """The answer; the default where nobody else has answered, and always where nobody else may."""
        answer = self.row.get(question.id)
        default = self.compiled.defaults.get(question.id)
        if default is None or not (question.read_only or is_empty(answer)):
            return answer
        self.filled.pop(question.id, None)
        waiting = self.unsettled | self.around.unsettled
        if default.sources & waiting or self.rules.program.questions(default.expression) & waiting:
            return None
        if default.copied is not None and default.copied not in self.scope[ANSWERED]:
            return None
        filled = default.answer(question, {**self.around.known, **self.answers}, self.scope)
        if not is_empty(filled):
            self.filled[question.id] = filled
            self.defaults.add(question.id)
        return filled

    def _inner_rows(self, group: GroupField, rows: list[dict[str, JsonValue]]) -> JsonValue:
        """The rows in this row, without what their conditions hide and with what `default` answers in them."""
        if self.compiled.inner[group.id].is_plain:
            return [*rows]
        judged = [self.inner.row(group, rows, number) for number in range(len(rows))]
        self.filled[group.id] = [row.filled for row in judged]
        self.defaults |= {joined(f"{group.id}.{n}", path) for n, row in enumerate(judged) for path in row.defaults}
        return [row.answers for row in judged]

    def _limited(self, group: GroupField) -> GroupField:
        """The group with the number of rows that follows from other answers; as it is while that cannot be said."""
        compiled = self.compiled.inner[group.id]
        if not (compiled.least or compiled.most):
            return group
        try:
            least = int(compiled.least.value(self.scope)) if compiled.least else group.least
            most = int(compiled.most.value(self.scope)) if compiled.most else group.most
        except (ExpressionFailed, NotDecided):
            return group
        limited = group.model_copy(update={"min": max(least, 0), "max": max(min(most, group.most), 0)})
        self.by_id[group.id] = limited
        return limited

    def _withholds(self, question: FieldType, option: Option) -> bool:
        if question.id not in self.by_id:
            return self.around.plain.withholds(question, option)
        offers = self.rules.program.offers.get(question.id)
        return offers is not None and offers.withholds(option, self.scope)

    def _day_rule(self, question: FieldType) -> DayRule | None:
        if question.id not in self.by_id:
            return self.around.plain.day_rule(question)
        offers = self.rules.program.offers.get(question.id)
        if offers is None or not isinstance(question, DateField):
            return None
        needed = (offers.sources & self.by_id.keys()) | self.rules.program.questions(*offers.of_days)
        unanswered = not needed <= self.scope[ANSWERED]
        return offers.day_rule(question, self.scope, unanswered, self.context.language)


class _RowFacts:
    """What the map says of the places in the rows of a group: known for the rows that were saved, whichever row they are now."""

    def __init__(self, group: FieldType, facts: Facts, known: Answers) -> None:
        self.rows = rows_of(known.get(group.id))
        self.facts = [facts_in_row(group, facts, number) for number in range(len(self.rows))]

    def of(self, place: FieldType, answer: JsonValue, number: int) -> Facts:
        """The facts of a place by its question; none for one that was changed since."""
        here = [number] if number < len(self.rows) else []
        for other in (*here, *range(len(self.rows))):
            if self.rows[other].get(place.id) == answer:
                return {name: fact for name, fact in self.facts[other].items() if name == place.id}
        return {}


def outside_row(rows: CompiledRows, outside: dict[str, Any], answered: set[str]) -> dict[str, Any]:
    """What a row sees of the answers around it: all but those whose names it uses itself."""
    inner = set(rows.order)
    values = {name: value for name, value in outside.items() if name not in rows.shadowed}
    return values | {ANSWERED: answered | {name for name in outside[ANSWERED] if name not in inner}}


def asked_in_rows(group: FieldType, rows: Rows, path: str, context: ReadContext) -> Iterator[tuple[str, FieldType]]:
    """The questions that the rows of a group ask, those of groups in them too, by their paths below `path`."""
    for number, row in enumerate(rows):
        for question in context.shown_in_row(group, rows, number):
            here = f"{path}.{number}.{question.id}"
            yield here, question
            if isinstance(question, GroupField):
                inner = context.within(group, rows, number)
                yield from asked_in_rows(question, rows_of(row.get(question.id)), here, inner)
