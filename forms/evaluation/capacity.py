"""Which limited places an application takes. It fails closed: what cannot be worked out is never free."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from math import floor
from typing import Any

from forms.definition.capacity import CapacityRule
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.expressions.language import Compiled, Names, ResultType
from forms.expressions.values import ExpressionFailed, NotDecided, to_value
from forms.fields import FieldType
from forms.fields.group import rows_of
from forms.fields.path import joined
from forms.fields.ranking import RankingField

Scope = dict[str, Any]

#: What a table of the portal can still hold, and more than any income in yen.
_MOST_POINTS = 10**15


@dataclass(frozen=True)
class CompiledCapacity:
    """One kind of limited places, ready to be worked out. A part of `by` that is an id is a question with several options.
    `questions` are those that anything of it depends on, `key_questions` those that it counts by, days among them. `ranking` is the
    question whose answer has the wishes of an entry, if one has them all, and `points` what entries are ordered by."""

    rule: CapacityRule
    by: tuple[Compiled | str, ...]
    limit: Compiled
    amount: Compiled
    applies: Compiled | None
    first: Compiled | None
    last: Compiled | None
    questions: frozenset[str]
    key_questions: frozenset[str]
    points: tuple[Compiled, ...] = ()
    ranking: RankingField | None = None


def ranked_wish(definition: Definition, rule: CapacityRule) -> RankingField | None:
    """The question that ranks the wishes of an entry; None where each wish is a question of its own."""
    wish = wish_questions(definition, rule).get(rule.wishes[0]) if len(rule.wishes) == 1 else None
    return wish if isinstance(wish, RankingField) else None


def wish_questions(definition: Definition, rule: CapacityRule) -> Mapping[str, FieldType]:
    """The questions that wishes can be, by id: those of the form and, of a rule for each row, those of its rows."""
    group = definition.fields.get(rule.each) if rule.each else None
    return {**definition.fields, **{question.id: question for question in (group_fields(group) if group else ())}}


def with_one_wish(names: Names, ranking: RankingField) -> Names:
    """The names of a rule that is written for one of the ranked options: the question is what is chosen, as that of a `choice` is."""
    return replace(names, types={**names.types, **_wish_types(ranking)})


def _wish_types(ranking: RankingField) -> dict[str, str]:
    return {ranking.id: "string"} | {joined(ranking.id, part): kind for part, kind in ranking.option_types().items()}


def compile_capacity(
    definition: Definition,
    rule: CapacityRule,
    compile_text: Callable[[Path, str | None, ResultType], Compiled | None],
    questions: Callable[..., frozenset[str]],
) -> CompiledCapacity | None:
    """A rule with its expressions compiled; None where one of them does not, which `compile_text` has reported.

    `questions` gives the questions that expressions speak of.
    """
    several = {question.id for question in definition.fields.values() if question.type == "choices"}
    by = [text if text in several else compile_text(("by", number), text, "any") for number, text in enumerate(rule.by)]
    limit, amount = compile_text(("limit",), rule.limit, "number"), compile_text(("amount",), rule.amount, "number")
    applies = compile_text(("applies_when",), rule.applies_when, "bool")
    first = compile_text(("days", "from"), rule.days.from_, "date") if rule.days else None
    last = compile_text(("days", "until"), rule.days.until, "date") if rule.days else None
    points = [compile_text(("points", number), text, "number") for number, text in enumerate(rule.points)]
    parts = tuple(part for part in by if part is not None)
    if limit is None or amount is None or len(parts) < len(by) or (rule.days and first is None):
        return None
    expressions = [part for part in parts if not isinstance(part, str)]
    named = frozenset(part for part in parts if isinstance(part, str)) | ({rule.each} if rule.each else set())
    keys = questions(*expressions, first, last) | named
    compared = tuple(text for text in points if text is not None)
    if len(compared) < len(points):
        return None
    outside = frozenset(rule.wishes) & definition.fields.keys()
    everything = questions(limit, amount, applies, *compared) | keys | outside
    ranking = ranked_wish(definition, rule)
    return CompiledCapacity(rule, parts, limit, amount, applies, first, last, everything, keys, compared, ranking)


@dataclass(frozen=True)
class Claim:
    """Places that an application takes: `amount` of the `limit` that there are of `rule` for `key`.

    `first_day` and `last_day` are those on which they are taken, None: for good. `row` is that of a rule with `each`, from 0;
    `wish` counts the wishes of an entry that waits for its allocation, from 1, and is 0 for what is given at once. `points` are those
    of the entry at that wish, compared from the first on.
    """

    rule: str
    key: tuple[str, ...]
    limit: int
    amount: int
    first_day: date | None = None
    last_day: date | None = None
    row: int | None = None
    wish: int = 0
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Claims:
    """All places that an application takes. `undecided` are the rules of which nobody can say: they keep it from being sent.

    Of those `failed` are not undecided because the map or a table has nothing there, or a number is beyond any: their expressions have no
    value for these answers.
    """

    claims: tuple[Claim, ...] = ()
    undecided: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()


NO_CLAIMS = Claims()


def claims_of(
    compiled: Sequence[CompiledCapacity],
    scope: Scope,
    unsettled: AbstractSet[str],
    rows: Callable[[str], Sequence[Scope]],
    answers: Mapping[str, Any],
) -> Claims:
    """The places for certain values. Rules over `unsettled` questions wait; `rows` gives the values of each row of a group.

    `answers` has what was chosen in rankings, those of rows too.
    """
    claims: list[Claim] = []
    undecided: list[str] = []
    failed: set[str] = set()
    for capacity in compiled:
        each = capacity.rule.each
        if capacity.questions & unsettled or each in unsettled:
            continue
        scopes = list(enumerate(rows(each))) if each else [(None, scope)]
        for number, values in scopes:
            try:
                if capacity.rule.is_drawn:
                    claims += _wishes(capacity, values, _answers_of(each, number, answers), number)
                else:
                    claims += claims_in(capacity, values, number)
            except (NotDecided, OverflowError):
                undecided.append(capacity.rule.id)
                break
            except (ExpressionFailed, TypeError, ValueError):
                undecided.append(capacity.rule.id)
                failed.add(capacity.rule.id)
                break
    return Claims(tuple(claims), tuple(undecided), frozenset(failed))


def _answers_of(each: str | None, number: int | None, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers that a row knows: its own before those outside."""
    rows = rows_of(answers.get(each)) if each is not None else ()
    return answers if number is None or number >= len(rows) else {**answers, **rows[number]}


def _wishes(capacity: CompiledCapacity, scope: Scope, answers: Mapping[str, Any], row: int | None) -> Iterator[Claim]:
    """The wishes of an entry: the rule for each of them in turn, with the points that it has there. No wish counts twice."""
    seen: set[tuple[str, ...]] = set()
    ranking = capacity.ranking
    scopes = _of_ranking(ranking, scope, answers) if ranking else _of_questions(capacity.rule.wishes or ("",), scope)
    for values in scopes:
        points = tuple(_points(text.value(values)) for text in capacity.points)
        for claim in claims_in(capacity, values, row):
            if claim.key not in seen:
                seen.add(claim.key)
                yield replace(claim, wish=len(seen), points=points)


def _of_questions(wishes: Sequence[str], scope: Scope) -> Iterator[Scope]:
    """The values of each of the questions in place of those of the first."""
    first = wishes[0]
    for wish in wishes:
        yield {name: value for name, value in scope.items() if not (wish != first and _belongs(name, first))} | {
            first + name[len(wish) :]: value for name, value in scope.items() if wish != first and _belongs(name, wish)
        }


def _of_ranking(ranking: RankingField, scope: Scope, answers: Mapping[str, Any]) -> Iterator[Scope]:
    """Each of the ranked options as the one that is chosen; none where the question does not show."""
    types = _wish_types(ranking)
    for option in ranking.options_of(answers.get(ranking.id)) if ranking.id in scope else ():
        if option is not None:
            values = {joined(ranking.id, part): value for part, value in ranking.option_values(option).items()}
            yield scope | {name: to_value(types[name], value) for name, value in values.items() if name in types}


def _points(number: Any) -> int:
    points: int = floor(number)
    if abs(points) > _MOST_POINTS:
        raise OverflowError("points")
    return points


def _belongs(name: str, question: str) -> bool:
    return name == question or name.startswith(f"{question}.")


def claims_in(
    capacity: CompiledCapacity, scope: Scope, row: int | None = None, *, amount: int | None = None
) -> Iterator[Claim]:
    """What one rule takes for certain values; `amount` places instead of those that the rule works out.

    Raises NotDecided, ExpressionFailed, TypeError or ValueError where that cannot be said.
    """
    if capacity.applies and not capacity.applies.value(scope):
        return
    first = capacity.first.value(scope) if capacity.first else None
    last = capacity.last.value(scope) if capacity.last else first
    if capacity.first and (first is None or last is None):
        return
    if first and last and last < first:
        raise ValueError("the last day is before the first")
    keys = list(_keys([_values(part, scope) for part in capacity.by]))
    if not keys:
        return
    amount = _whole(capacity.amount.value(scope), "amount") if amount is None else amount
    limit = _whole(capacity.limit.value(scope), "limit")
    for key in keys if amount else ():
        yield Claim(capacity.rule.id, key, limit, amount, first, last, row)


def _values(part: Compiled | str, scope: Scope) -> list[str]:
    """The values of one part of a key; none where it is not answered."""
    value = scope.get(part) if isinstance(part, str) else part.value(scope)
    values = value if isinstance(value, list) else [value]
    return [_text(item) for item in values if item is not None and item != ""]


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _keys(parts: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    if not parts:
        yield ()
        return
    for value in parts[0]:
        for rest in _keys(parts[1:]):
            yield (value, *rest)


def _whole(number: Any, what: str) -> int:
    whole: int = floor(number)
    if whole < 0 or (what == "amount" and whole != number):
        raise ValueError(what)
    return whole
