"""From the checked tree of a condition over facts to its formula.

A fact that does not arise (`asked_when` does not hold: a day on which a dog was got, where there is no dog) has the default of its
type, as a hidden question has; a computed fact is its expression. So a formula speaks only of facts that somebody can be asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from forms.catalogue.vocabulary import Fact
from forms.evaluation.scope import types_of_facts
from forms.expressions import syntax
from forms.expressions.language import Compiled, Language, Names, scope
from forms.expressions.running import Runner
from forms.expressions.syntax import Call, Constant, Node, Variable
from forms.expressions.values import NO_DATE, ExpressionFailed, NotDecided, default_of
from forms.routing.facts import domain
from forms.routing.logic import NEVER, Always, Atom, Formula, Is, both, chosen, either, negated

_CLOCK: Final = "today"


class FactLanguage:
    """The conditions over the facts of one vocabulary, with formulas for the facts that depend on others.

    Making it compiles `asked_when` and `computed` of every fact. ExpressionError for one that is wrong; see `checks.vocabulary_faults`.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self._language = Language(Names(types_of_facts(facts)), open_world=True)
        self._arises: dict[str, Formula | None] = {}
        self._computed: dict[str, Formula] = {}

    def compile(self, text: str) -> Compiled:
        """Check a condition over facts. ExpressionError says what is wrong."""
        return self._language.compile(text, "bool")

    def formula(self, condition: Compiled) -> Formula:
        """Return the formula of a checked condition."""
        return _Reader(self, condition.text).formula(condition.tree)

    def arises(self, name: str) -> Formula | None:
        """Return when a fact arises at all; None for one that always does."""
        if name not in self._arises:
            gate = self.facts[name].asked_when
            self._arises[name] = self.formula(self.compile(gate)) if gate is not None else None
        return self._arises[name]

    def computed(self, name: str) -> Formula | None:
        """Return the formula of a computed fact; None for one that is asked or looked up."""
        text = self.facts[name].computed
        if text is None:
            return None
        if name not in self._computed:
            self._computed[name] = self.formula(self.compile(text))
        return self._computed[name]

    def default(self, name: str) -> object:
        """Return the value of a fact that does not arise."""
        kind = types_of_facts(self.facts)[name]
        return NO_DATE if kind == "timestamp" else default_of(kind)


@dataclass(frozen=True)
class _Reader:
    """Makes formulas of the parts of one condition."""

    language: FactLanguage
    text: str

    @cached_property
    def _runner(self) -> Runner:
        return Runner(open_world=True)

    def formula(self, node: Node) -> Formula:
        match node:
            case Constant(value=bool() as value):
                return Always(value)
            case Call(function="_&&_", args=(left, right)):
                return both(self.formula(left), self.formula(right))
            case Call(function="_||_", args=(left, right)):
                return either(self.formula(left), self.formula(right))
            case Call(function="!_", args=(part,)):
                return negated(self.formula(part))
            case Call(function="_?_:_", type="bool", args=(condition, yes, no)):
                return chosen(self.formula(condition), self.formula(yes), self.formula(no))
        names = sorted({part.name for part in syntax.walk(node) if isinstance(part, Variable)})
        return self._split(node, names, {}, ())

    def _split(self, node: Node, names: list[str], values: Mapping[str, object], unknown: tuple[str, ...]) -> Formula:
        """Go through the facts of a part, one after the other, with each answer that it can have."""
        if not names:
            return self._leaf(node, values, unknown)
        name, rest = names[0], names[1:]

        def with_value(value: object) -> Formula:
            return self._split(node, rest, {**values, name: value}, unknown)

        computed = self.language.computed(name)
        if computed is not None:
            return chosen(computed, with_value(True), with_value(False))
        answers = domain(self.language.facts[name])
        if answers:
            known: Formula = NEVER
            for answer in answers:
                known = either(known, both(Is(name, answer), with_value(answer)))
        else:
            known = self._split(node, rest, values, (*unknown, name))
        arises = self.language.arises(name)
        return known if arises is None else chosen(arises, known, with_value(self.language.default(name)))

    def _leaf(self, node: Node, values: Mapping[str, object], unknown: tuple[str, ...]) -> Formula:
        run = self._runner.run(node)
        if not unknown and not _reads_clock(node):
            try:
                return Always(bool(run(scope(values))))
            except (NotDecided, ExpressionFailed):
                pass  # never decided: what nobody can work out is left to the city hall to confirm
        return Atom(f"{self.text}\n{node!r}", tuple(sorted(values.items())), unknown, run)


def _reads_clock(node: Node) -> bool:
    return any(isinstance(part, Call) and part.function == _CLOCK for part in syntax.walk(node))


def facts_named(language: FactLanguage, text: str) -> frozenset[str]:
    """Return the facts that a condition names itself. ExpressionError for one that does not compile."""
    return language.compile(text).names


def atom_value(atom: Atom, values: Mapping[str, Any]) -> bool | None:
    """Work out a part whose facts are all among `values`; None where that fails."""
    try:
        return bool(atom.run(scope({**dict(atom.fixed), **{name: values[name] for name in atom.open_facts}})))
    except (NotDecided, ExpressionFailed):
        return None


def walk_dependencies(language: FactLanguage, name: str) -> Iterator[str]:
    """Return the facts on which it depends whether a fact arises, or what a computed one is."""
    fact = language.facts[name]
    for text in (fact.asked_when, fact.computed):
        if text is not None:
            yield from facts_named(language, text)
