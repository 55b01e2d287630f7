"""Conditions over facts as formulas: what CEL's logic joins, down to parts that speak of facts in another way."""

from dataclasses import dataclass, field

from forms.expressions.running import Run


@dataclass(frozen=True, slots=True)
class Always:
    """A part that is decided whatever the facts are."""

    value: bool


@dataclass(frozen=True, slots=True)
class Is:
    """A fact of a few answers has this one."""

    fact: str
    value: bool | str


@dataclass(frozen=True, slots=True)
class Atom:
    """A part that compares days, numbers or words: worked out when every fact in `open_facts` is known.

    `fixed` are the values of its other facts. Parts with the same text, `fixed` and `open_facts` are one.
    """

    text: str
    fixed: tuple[tuple[str, object], ...]
    open_facts: tuple[str, ...]
    run: Run = field(compare=False)


@dataclass(frozen=True, slots=True)
class Both:
    """Both parts hold."""

    left: "Formula"
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts holds, or both."""

    left: "Formula"
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Negated:
    """The part does not hold."""

    part: "Formula"


Formula = Always | Is | Atom | Both | Either | Negated
NEVER, EVER = Always(False), Always(True)


def both(left: Formula, right: Formula) -> Formula:
    """Return the conjunction, without what is decided."""
    if NEVER in (left, right):
        return NEVER
    if left == EVER:
        return right
    return left if right == EVER else Both(left, right)


def either(left: Formula, right: Formula) -> Formula:
    """Return the disjunction, without what is decided."""
    if EVER in (left, right):
        return EVER
    if left == NEVER:
        return right
    return left if right == NEVER else Either(left, right)


def negated(part: Formula) -> Formula:
    """Return the negation, without what is decided."""
    return Always(not part.value) if isinstance(part, Always) else Negated(part)


def chosen(condition: Formula, yes: Formula, no: Formula) -> Formula:
    """Return `condition ? yes : no`."""
    return yes if yes == no else either(both(condition, yes), both(negated(condition), no))


def variables_of(formula: Formula) -> list[Is | Atom]:
    """Return what a formula rests on, in the order in which it stands there; facts with a few answers once for each answer."""
    match formula:
        case Always():
            return []
        case Is() | Atom():
            return [formula]
        case Negated():
            return variables_of(formula.part)
    return [*variables_of(formula.left), *variables_of(formula.right)]
