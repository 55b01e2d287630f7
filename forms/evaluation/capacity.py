"""Which limited places an application takes. It fails closed: what cannot be worked out is never free."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from math import floor
from typing import Any

from forms.definition.capacity import CapacityRule
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.expressions.language import Compiled, ResultType
from forms.expressions.values import ExpressionFailed, NotDecided

Scope = dict[str, Any]


@dataclass(frozen=True)
class CompiledCapacity:
    """One kind of limited places, ready to be worked out. A part of `by` that is an id is a question with several options.
    `questions` are those that anything of it depends on, `key_questions` those that it counts by, days among them."""

    rule: CapacityRule
    by: tuple[Compiled | str, ...]
    limit: Compiled
    amount: Compiled
    applies: Compiled | None
    first: Compiled | None
    last: Compiled | None
    questions: frozenset[str]
    key_questions: frozenset[str]


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
    parts = tuple(part for part in by if part is not None)
    if limit is None or amount is None or len(parts) < len(by) or (rule.days and first is None):
        return None
    expressions = [part for part in parts if not isinstance(part, str)]
    named = frozenset(part for part in parts if isinstance(part, str)) | ({rule.each} if rule.each else set())
    keys = questions(*expressions, first, last) | named
    everything = questions(limit, amount, applies) | keys | frozenset(rule.wishes)
    return CompiledCapacity(rule, parts, limit, amount, applies, first, last, everything, keys)


@dataclass(frozen=True)
class Claim:
    """Places that an application takes: `amount` of the `limit` that there are of `rule` for `key`.

    `first_day` and `last_day` are those on which they are taken, None: for good. `row` is that of a rule with `each`, from 0;
    `wish` counts the wishes of an entry in a lottery, from 1, and is 0 for what is not drawn.
    """

    rule: str
    key: tuple[str, ...]
    limit: int
    amount: int
    first_day: date | None = None
    last_day: date | None = None
    row: int | None = None
    wish: int = 0


@dataclass(frozen=True)
class Claims:
    """All places that an application takes. `undecided` are the rules of which nobody can say: they keep it from being sent."""

    claims: tuple[Claim, ...] = ()
    undecided: tuple[str, ...] = ()


NO_CLAIMS = Claims()


def claims_of(
    compiled: Sequence[CompiledCapacity],
    scope: Scope,
    unsettled: AbstractSet[str],
    rows: Callable[[str], Sequence[Scope]],
) -> Claims:
    """The places for certain values. Rules over `unsettled` questions wait; `rows` gives the values of each row of a group."""
    claims: list[Claim] = []
    undecided: list[str] = []
    for capacity in compiled:
        each = capacity.rule.each
        if capacity.questions & unsettled or each in unsettled:
            continue
        if capacity.rule.allocation == "lottery":
            try:
                claims += _wishes(capacity, scope)
            except (NotDecided, ExpressionFailed, TypeError, ValueError):
                undecided.append(capacity.rule.id)
            continue
        scopes = list(enumerate(rows(each))) if each else [(None, scope)]
        for number, values in scopes:
            try:
                claims += claims_in(capacity, values, number)
            except (NotDecided, ExpressionFailed, TypeError, ValueError):
                undecided.append(capacity.rule.id)
                break
    return Claims(tuple(claims), tuple(undecided))


def _wishes(capacity: CompiledCapacity, scope: Scope) -> Iterator[Claim]:
    """The wishes of an entry: the rule with the values of each of the questions in place of those of the first. No wish counts twice."""
    wishes = capacity.rule.wishes or ("",)
    first = wishes[0]
    seen: set[tuple[str, ...]] = set()
    number = 0
    for wish in wishes:
        values = {name: value for name, value in scope.items() if not (wish != first and _belongs(name, first))} | {
            first + name[len(wish) :]: value for name, value in scope.items() if wish != first and _belongs(name, wish)
        }
        for claim in claims_in(capacity, values):
            if claim.key not in seen:
                seen.add(claim.key)
                number += 1
                yield replace(claim, wish=number)


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
