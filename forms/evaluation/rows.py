"""What the rows of a group ask, seen from the answers around them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import JsonValue

from forms.definition.procedure import group_fields
from forms.evaluation.compiled import CompiledRows
from forms.evaluation.program import Program
from forms.evaluation.scope import Answers, Facts, facts_in_row, field_values, is_empty
from forms.expressions.functions.dates import day
from forms.expressions.language import row_scope
from forms.expressions.values import ANSWERED
from forms.fields import FieldType, ReadContext
from forms.fields.base import Rows
from forms.fields.group import rows_of


def row_context(
    program: Program, plain: ReadContext, outside: dict[str, Any], facts: Facts, known: Answers
) -> ReadContext:
    """What `plain` has, and the conditions inside rows, seen from the values `outside`.

    `facts` are what the map says of the places in the rows of `known`.
    """
    judges: dict[str, _RowJudge] = {}

    def shown_in_row(group: FieldType, rows: Rows, number: int) -> Sequence[FieldType]:
        compiled = program.rows[group.id]
        if not compiled.conditions and not compiled.required:
            return group_fields(group)
        judge = judges.setdefault(group.id, _RowJudge(group, program, plain, outside, facts, known))
        with day(plain.today):
            return judge.shown(rows, number)

    return replace(plain, shown_in_row=shown_in_row)


class _RowJudge:
    """What the rows of a group ask, seen from the answers around them."""

    def __init__(
        self,
        group: FieldType,
        program: Program,
        plain: ReadContext,
        outside: dict[str, Any],
        facts: Facts,
        known: Answers,
    ) -> None:
        self.group, self.plain, self.outside = group, plain, outside
        self.facts = _RowFacts(group, facts, known)
        self.compiled = program.rows[group.id]
        self.types = program.language.names.rows[group.id]
        self.rows: Rows = ()
        self.as_given: list[dict[str, Any]] = []

    def shown(self, rows: Rows, number: int) -> Sequence[FieldType]:
        """The questions that a row asks: an answer that is hidden itself, or unsound, shows nothing further."""
        by_id = {question.id: question for question in group_fields(self.group)}
        within = outside_row(self.compiled, self.outside, set())
        if self.compiled.looks_at_rows:
            within[self.group.id] = self._as_given(rows)
        shown: set[str] = set()
        for question_id in self.compiled.order:
            condition = self.compiled.conditions.get(question_id)
            if condition and condition.holds(within) is False:
                continue
            shown.add(question_id)
            self._take(by_id[question_id], rows[number], number, within, within[ANSWERED])
        for question_id, condition in self.compiled.required.items():
            if condition.holds(within) is not False:
                by_id[question_id] = by_id[question_id].demanded()
        return [question for question in by_id.values() if question.id in shown]

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
                    self._take(question, row, number, values, answered)
                self.as_given.append(row_scope(values, answered))
        return self.as_given

    def _take(
        self,
        question: FieldType,
        row: Mapping[str, JsonValue],
        number: int,
        values: dict[str, Any],
        answered: set[str],
    ) -> None:
        """Add a sound answer to the values."""
        answer = row.get(question.id)
        if not is_empty(answer) and not question.check(answer, self.plain):
            facts = self.facts.of(question, answer, number) if question.is_place else {}
            values |= field_values(question, answer, facts, self.types)
            answered.add(question.id)


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
