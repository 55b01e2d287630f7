"""What the router needs of each published procedure, made once: its condition as a table, its deadlines, the facts it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from forms.catalogue.vocabulary import Fact
from forms.definition.procedure import Definition
from forms.definition.routing import Deadline
from forms.expressions.errors import ExpressionError
from forms.routing.conditions import FactLanguage, atom_value
from forms.routing.facts import Facts, Unsure, domain
from forms.routing.logic import EVER, Atom
from forms.routing.table import Column, Table, TooManyCombinations
from forms.text.localized import Text


@dataclass(frozen=True)
class Decision:
    """Something that facts settle. `columns_of` has for each fact the columns of the table that it has a part in."""

    table: Table
    columns_of: Mapping[str, tuple[Column, ...]]


@dataclass(frozen=True)
class Routed:
    """A procedure. Of `deadlines` the first whose condition holds is meant; the one without a condition stands last."""

    key: str
    definition: Definition
    applies: Decision
    deadlines: tuple[tuple[Decision | None, Deadline], ...]
    earliest: Deadline | None
    shown: tuple[str, ...]
    optional: bool
    held: tuple[tuple[Decision, Text], ...]


class RoutingPrograms:
    """Makes decisions of conditions over one vocabulary, each once."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self.language = FactLanguage(facts)
        self._domains = {name: answers for name, fact in facts.items() if (answers := domain(fact))}
        self._decisions: dict[str, Decision] = {}
        self._arises: dict[str, Decision | None] = {}

    def decision(self, condition: str | None) -> Decision:
        """A condition over facts; None always holds. ExpressionError or TooManyCombinations for a faulty one."""
        text = condition if condition is not None else "true"
        if text not in self._decisions:
            formula = EVER if condition is None else self.language.formula(self.language.compile(text))
            self._decisions[text] = _decision(Table(formula, self._domains))
        return self._decisions[text]

    def arises(self, name: str) -> Decision | None:
        """When a fact arises; None for one that always does."""
        if name not in self._arises:
            formula = self.language.arises(name)
            self._arises[name] = None if formula is None else _decision(Table(formula, self._domains))
        return self._arises[name]

    def routed(self, definition: Definition) -> Routed | None:
        """What the router needs of a definition; None for one whose condition this vocabulary does not understand any more."""
        routing = definition.routing
        if routing is None:
            return None
        try:
            special = [(self.decision(rule.when), rule) for rule in routing.special_deadlines]
            usual = [(None, routing.deadline)] if routing.deadline is not None else []
            return Routed(
                definition.procedure,
                definition,
                self.decision(routing.applies_when),
                (*special, *usual),
                routing.earliest,
                tuple(name for name in routing.show_facts if name in self.facts),
                routing.optional,
                tuple((self.decision(paper.when), paper.what) for paper in routing.held),
            )
        except (ExpressionError, TooManyCombinations):
            return None


def _decision(table: Table) -> Decision:
    columns_of: dict[str, tuple[Column, ...]] = {}
    for variable, column in table.columns.items():
        for fact in variable.open_facts if isinstance(variable, Atom) else (variable,):
            columns_of[fact] = (*columns_of.get(fact, ()), column)
    return Decision(table, columns_of)


class State:
    """The known facts of one person on one day, as the tables need them."""

    def __init__(self, programs: RoutingPrograms, facts: Facts) -> None:
        self.programs = programs
        self.values = {
            name: known.value
            for name, known in facts.items()
            if name in programs.facts
            and not isinstance(known.value, Unsure)
            and _fits(programs.facts[name], known.value)
        }
        self.unsure = {name for name, known in facts.items() if isinstance(known.value, Unsure)}
        self._atoms: dict[Atom, bool | None] = {}

    def live(self, decision: Decision, kept: frozenset[str] | None = None) -> int:
        """The combinations that agree with what is known, or with the part of it that is `kept`."""
        live = decision.table.everything
        for variable, column in decision.table.columns.items():
            value: object
            if isinstance(variable, Atom):
                if kept is not None and not kept.issuperset(variable.open_facts):
                    continue
                value = self._atom(variable)
            else:
                value = self.values.get(variable) if kept is None or variable in kept else None
            if value is not None:
                live &= column.mask(value)
        return live

    def decided(self, decision: Decision | None) -> bool | None:
        """What a decision is with these facts; None while they leave it open."""
        return True if decision is None else decision.table.decided(self.live(decision))

    def arises(self, name: str) -> bool | None:
        """Whether a fact arises; None while the others leave it open."""
        return self.decided(self.programs.arises(name))

    def can_be_worked_out(self, atom: Atom, with_fact: str) -> bool:
        """Whether a part of a condition is decided once this fact is known, too."""
        return all(name == with_fact or name in self.values for name in atom.open_facts)

    def _atom(self, atom: Atom) -> bool | None:
        if any(name not in self.values for name in atom.open_facts):
            return None
        if atom not in self._atoms:
            self._atoms[atom] = atom_value(atom, self.values)
        return self._atoms[atom]

    def open_facts(self, decision: Decision) -> Iterator[tuple[str, list[Column]]]:
        """The facts not known on which an open decision depends, each with the columns that it settles."""
        live = self.live(decision)
        for name, columns in decision.columns_of.items():
            if name in self.values or name in self.unsure:
                continue
            mattering = [column for column in columns if decision.table.matters(column, live)]
            if mattering:
                yield (
                    name,
                    [
                        column
                        for column in columns
                        if not isinstance(column.variable, Atom) or self.can_be_worked_out(column.variable, name)
                    ],
                )


def _fits(fact: Fact, value: object) -> bool:
    match fact.type:
        case "bool":
            return isinstance(value, bool)
        case "choice":
            return value in fact.options
        case "date":
            return isinstance(value, date)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "place":
            return isinstance(value, Mapping)
    return isinstance(value, str)
