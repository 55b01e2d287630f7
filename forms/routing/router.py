"""The router: a plan from known facts, and the question that settles most of what is still open."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from forms.catalogue.vocabulary import Fact
from forms.definition.procedure import Definition
from forms.definition.routing import Deadline
from forms.expressions.functions.dates import day
from forms.routing.conditions import walk_dependencies
from forms.routing.deadlines import Due, due_on, open_from
from forms.routing.facts import Facts
from forms.routing.order import in_order
from forms.routing.plan import Entry, Plan, Status
from forms.routing.program import Decision, Routed, RoutingPrograms, State

_MAX_COLUMNS = 6
"""Parts of one condition that one answer is weighed for; each doubles the work."""


@dataclass(frozen=True)
class Question:
    """The fact to ask next, and the procedures for which its answer matters.

    `together` are the facts asked on the same page, this one among them: those of its group (`asked_with`) that matter now.
    """

    fact: str
    procedures: tuple[str, ...]
    together: tuple[str, ...]


class Router:
    """Leads people through the procedures that a city publishes.

    Making it reads every condition once; after that no expression is parsed. It keeps nothing of a person, and one router
    answers for all. Procedures without `routing`, and those whose condition speaks of facts that the vocabulary has no more, are
    left out.
    """

    def __init__(self, definitions: Iterable[Definition], facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self._programs = RoutingPrograms(facts)
        self._order = {name: number for number, name in enumerate(facts)}
        self._procedures = [
            routed for definition in definitions if (routed := self._programs.routed(definition)) is not None
        ]

    def next_question(self, facts: Facts, *, today: date, among: Collection[str] | None = None) -> Question | None:
        """The question that settles most, judged by what each of its answers would decide; None when nothing is left to ask.

        `among` are the keys of the procedures that are weighed; all without it. Of questions that settle equally much the first
        of the vocabulary is asked.
        """
        with day(today):
            state = State(self._programs, facts)
            weights: dict[str, Fraction] = {}
            concerned: dict[str, dict[str, None]] = {}
            for procedure in self._among(among):
                for name, weight in self._wishes(state, procedure):
                    weights[name] = weights.get(name, Fraction()) + weight
                    concerned.setdefault(name, {})[procedure.key] = None
        if not weights:
            return None
        best = min(weights, key=lambda name: (-weights[name], self._order[name]))
        group = self.facts[best].asked_with
        together = [name for name in weights if name == best or (group and self.facts[name].asked_with == group)]
        together.sort(key=self._order.__getitem__)
        procedures = dict.fromkeys(key for name in together for key in concerned[name])
        return Question(best, tuple(procedures), tuple(together))

    def plan(self, facts: Facts, *, today: date, among: Collection[str] | None = None) -> Plan:
        """What these facts say of every procedure. Two people with the same facts have the same plan, however they came to them."""
        with day(today):
            state = State(self._programs, facts)
            entries = [self._entry(state, procedure) for procedure in self._among(among)]
            undecided = sum(any(self._wishes(state, procedure)) for procedure in self._among(among))
        return Plan(in_order(entries), undecided)

    def askable(self, facts: Facts, *, today: date, among: Collection[str] | None = None) -> list[str]:
        """Every fact whose answer still changes something, in the order of the vocabulary."""
        with day(today):
            state = State(self._programs, facts)
            names = {name for procedure in self._among(among) for name, _ in self._wishes(state, procedure)}
        return sorted(names, key=self._order.__getitem__)

    def arises(self, name: str, facts: Facts, *, today: date) -> bool | None:
        """Whether a fact has a meaning for a person with these facts; None while it is open."""
        with day(today):
            return State(self._programs, facts).arises(name)

    def facts_of(self, among: Collection[str] | None = None) -> frozenset[str]:
        """Every fact that these procedures speak of, directly or through others, with the places at which maps answer them."""
        names: set[str] = set()
        for procedure in self._among(among):
            names |= procedure.applies.columns_of.keys() | set(procedure.shown)
            for when, rule in procedure.deadlines:
                names |= (when.columns_of.keys() if when else set()) | ({rule.event} & self._order.keys())
        sources = (self.facts[name].from_map for name in names if name in self.facts)
        return frozenset(names | {source.at for source in sources if source is not None and source.at is not None})

    def _among(self, keys: Collection[str] | None) -> Iterator[Routed]:
        return (routed for routed in self._procedures if keys is None or routed.key in keys)

    def _wishes(self, state: State, procedure: Routed) -> Iterator[tuple[str, Fraction]]:
        """The questions that one procedure would ask, each with how much of it the answer settles, from 0 to 1."""
        applies = state.decided(procedure.applies)
        if applies is None:
            yield from self._settling(state, procedure.applies)
        elif applies:
            rule, pending = _deadline(state, procedure)
            if pending is not None:
                yield from self._settling(state, pending)
            names = [deadline.event for deadline in (rule, procedure.earliest) if deadline is not None]
            for name in dict.fromkeys([*names, *procedure.shown]):
                yield from self._wanted(state, name)

    def _settling(self, state: State, decision: Decision) -> Iterator[tuple[str, Fraction]]:
        live = state.live(decision)
        for name, columns in state.open_facts(decision):
            outcomes = list(decision.table.after_each(columns[:_MAX_COLUMNS], live)) if columns else []
            settled = sum(decision.table.decided(outcome) is not None for outcome in outcomes)
            yield from self._question_for(state, name, Fraction(settled, len(outcomes)) if outcomes else Fraction())

    def _wanted(self, state: State, name: str) -> Iterator[tuple[str, Fraction]]:
        """Ask for a fact that decides nothing but is to be known: the day of an event, a school district."""
        if name not in self._order or name in state.values or name in state.unsure:
            return
        arises = state.arises(name)
        if arises:
            yield from self._question_for(state, name, Fraction(1))
        elif arises is None and (decision := self._programs.arises(name)) is not None:
            yield from self._settling(state, decision)

    def _question_for(self, state: State, name: str, weight: Fraction) -> Iterator[tuple[str, Fraction]]:
        """The fact itself, or the place at which a map answers it; nothing where nobody can be asked now."""
        if not state.arises(name):
            return
        fact = self.facts[name]
        place = fact.from_map.at if fact.from_map is not None else None
        if fact.from_map is not None and not fact.from_map.asks:
            return
        if place is not None and place not in state.values and place not in state.unsure and state.arises(place):
            yield place, weight
        elif fact.question is not None:
            yield name, weight

    def _entry(self, state: State, procedure: Routed) -> Entry:
        applies = state.decided(procedure.applies)
        if applies is False:
            return Entry(procedure.key, procedure.definition, "not_for_you", self._deciding(state, procedure.applies))
        rule, _pending = _deadline(state, procedure)
        status: Status
        if applies:
            status = "optional" if procedure.optional else "needed"
            deciding = self._deciding(state, procedure.applies)
        else:
            status = "undecided" if any(self._settling(state, procedure.applies)) else "to_confirm"
            deciding = self._unknown(state, procedure.applies)
        return Entry(
            procedure.key,
            procedure.definition,
            status,
            deciding,
            _counted(state, rule, due_on),
            _counted(state, procedure.earliest, open_from),
            tuple(name for name in procedure.shown if name in state.values),
            tuple(what for when, what in procedure.held if state.decided(when)),
        )

    def _deciding(self, state: State, decision: Decision) -> tuple[str, ...]:
        """Facts that suffice for the decision, of which none can be spared; those that others imply are not told."""
        outcome = state.decided(decision)
        names = sorted(decision.columns_of.keys() & state.values.keys(), key=self._order.__getitem__)
        kept = set(names)
        for name in reversed(names):
            fewer = frozenset(kept - {name})
            if decision.table.decided(state.live(decision, kept=fewer)) is outcome:
                kept.discard(name)
        implied = {other for name in kept for other in walk_dependencies(self._programs.language, name)}
        return tuple(name for name in names if name in kept and (name not in implied or kept <= implied))

    def _unknown(self, state: State, decision: Decision) -> tuple[str, ...]:
        live = state.live(decision)
        names = {
            name
            for name, columns in decision.columns_of.items()
            if name not in state.values and any(decision.table.matters(column, live) for column in columns)
        }
        unsure = names & state.unsure or names
        return tuple(sorted(unsure, key=self._order.__getitem__))


def _deadline(state: State, procedure: Routed) -> tuple[Deadline | None, Decision | None]:
    """The deadline that counts, or what must be decided before one does."""
    for when, rule in procedure.deadlines:
        holds = state.decided(when)
        if holds:
            return rule, None
        if holds is None:
            return None, when
    return None, None


def _counted(state: State, rule: Deadline | None, count: Callable[[Deadline, date], Due | None]) -> Due | None:
    event = state.values.get(rule.event) if rule is not None else None
    return count(rule, event) if rule is not None and isinstance(event, date) else None
