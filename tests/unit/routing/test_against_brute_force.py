"""The router beside brute force: every combination of answers, worked out by the expression engine alone."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms import Definition
from forms.catalogue.vocabulary import Fact
from forms.expressions.functions.dates import day
from forms.expressions.language import scope
from forms.expressions.values import NO_DATE
from forms.routing import UNSURE, KnownFact, Router
from forms.routing.conditions import FactLanguage
from tests.unit.forms.making import unhurried
from tests.unit.routing.making import TODAY, routed, vocabulary

ANSWERS: Mapping[str, tuple[Any, ...]] = {
    "b1": (False, True),
    "b2": (False, True),
    "b3": (False, True),
    "kind": ("x", "y", "z"),
    "count": (0, 3),
    "when": (date(2027, 3, 1), date(2027, 4, 1)),
}
TYPES = {"kind": "choice", "count": "int", "when": "date"}
DEFAULTS = {"kind": "", "count": 0, "when": NO_DATE}
PARTS = [
    "b1",
    "b2",
    "b3",
    "kind == 'x'",
    "kind in ['y', 'z']",
    "count >= 2",
    "when < today()",
    "(b1 ? kind == 'y' : b2)",
    "b1 == b3",
]
CONDITIONS = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda three: f"({' '.join(three)})")
        | inner.map(lambda part: f"!({part})")
    ),
    max_leaves=5,
)
#: Whether a fact arises may depend on those before it.
GATES = {
    "b3": ["b1", "!b2", "b1 || b2"],
    "kind": ["b1", "b2 && !b1"],
    "count": ["kind == 'x'", "b3"],
    "when": ["b2", "kind != 'z'"],
}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Fact], list[Definition]]:
    """A vocabulary and a few procedures over it."""
    entries: dict[str, dict[str, Any]] = {}
    for name in ANSWERS:
        gate = draw(st.sampled_from([None, *GATES.get(name, [])]))
        entries[name] = {"type": TYPES.get(name, "bool"), **({"asked_when": gate} if gate else {})}
    entries["kind"]["options"] = {option: {"ja": option} for option in ANSWERS["kind"]}
    conditions = draw(st.lists(CONDITIONS, min_size=1, max_size=4))
    return vocabulary(entries), [routed(f"p{number}", applies_when=text) for number, text in enumerate(conditions)]


class BruteForce:
    """What holds under a whole set of answers, without tables: each fact that does not arise has its default."""

    def __init__(self, facts: Mapping[str, Fact], definitions: list[Definition]) -> None:
        self._language = FactLanguage(facts)
        self._gates = {name: self._language.compile(fact.asked_when) for name, fact in facts.items() if fact.asked_when}
        texts = [made.routing.applies_when or "true" for made in definitions if made.routing]
        self._conditions = [self._language.compile(text) for text in texts]

    def effective(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in ANSWERS:  # gates speak only of what stands before
            gate = self._gates.get(name)
            arises = gate is None or gate.holds(scope(values))
            values[name] = answers[name] if arises else DEFAULTS.get(name, False)
        return values

    def outcomes(self, answers: Mapping[str, Any]) -> tuple[bool | None, ...]:
        values = self.effective(answers)
        return tuple(condition.holds(scope(values)) for condition in self._conditions)


def every_world() -> Iterator[dict[str, Any]]:
    return (dict(zip(ANSWERS, values, strict=True)) for values in product(*ANSWERS.values()))


def answered(
    router: Router, answers: Mapping[str, Any], unsure: frozenset[str], order: st.DataObject | None
) -> dict[str, KnownFact]:
    """Answer until nothing is asked, in the router's order or in any."""
    facts: dict[str, KnownFact] = {}
    for _ in range(len(ANSWERS) + 1):
        askable = router.askable(facts, today=TODAY)
        question = router.next_question(facts, today=TODAY)
        assert (question is not None) is bool(askable)
        if question is None:
            return facts
        name = order.draw(st.sampled_from(askable)) if order else question.fact
        assert name in askable
        facts[name] = KnownFact(UNSURE if name in unsure else answers[name])
    raise AssertionError("asked more often than there are facts")


@unhurried
@given(worlds(), st.data())
def test_a_plan_has_what_applies_and_nothing_else_whatever_the_order_of_answers(
    world: tuple[dict[str, Fact], list[Definition]], data: st.DataObject
) -> None:
    facts, definitions = world
    router, brute = Router(definitions, facts), BruteForce(facts, definitions)
    with day(TODAY):
        for answers in data.draw(st.lists(st.sampled_from(list(every_world())), min_size=1, max_size=6)):
            first, second = (answered(router, answers, frozenset(), order) for order in (None, data))
            expected = {f"p{number}" for number, holds in enumerate(brute.outcomes(answers)) if holds}
            for known in (first, second):
                plan = router.plan(known, today=TODAY)
                assert {entry.key for entry in plan.included} == expected
                assert plan.open == 0
                assert all(entry.status in ("needed", "not_for_you") for entry in plan.entries)


@unhurried
@given(worlds(), st.sampled_from(list(every_world())))
def test_with_all_facts_known_nothing_is_asked(
    world: tuple[dict[str, Fact], list[Definition]], answers: dict[str, Any]
) -> None:
    facts, definitions = world
    known = {name: KnownFact(value) for name, value in answers.items()}
    assert Router(definitions, facts).next_question(known, today=TODAY) is None


@unhurried
@given(worlds(), st.sampled_from(list(every_world())), st.sets(st.sampled_from(list(ANSWERS)), max_size=2), st.data())
def test_who_does_not_know_keeps_every_procedure_that_may_apply(
    world: tuple[dict[str, Fact], list[Definition]], answers: dict[str, Any], unsure: set[str], data: st.DataObject
) -> None:
    """What is certain holds in every world that agrees with what was answered; what may apply is kept."""
    facts, definitions = world
    router, brute = Router(definitions, facts), BruteForce(facts, definitions)
    known = answered(router, answers, frozenset(unsure), data)
    plan = router.plan(known, today=TODAY)
    sure = {name: fact.value for name, fact in known.items() if fact.value is not UNSURE}
    with day(TODAY):
        outcomes = [
            brute.outcomes(other)
            for other in every_world()
            if all(other[name] == value for name, value in sure.items())
        ]
    for number in range(len(definitions)):
        possible = {outcome[number] for outcome in outcomes}
        status = plan.entry(f"p{number}").status
        if possible == {True, False}:
            assert status == "to_confirm"
        else:  # of numbers and days other answers than these two may still matter
            assert status in ({"needed", "to_confirm"} if possible == {True} else {"not_for_you", "to_confirm"})


@unhurried
@given(worlds(), st.data())
def test_no_question_is_asked_whose_answer_changes_nothing(
    world: tuple[dict[str, Fact], list[Definition]], data: st.DataObject
) -> None:
    """For facts with a few answers this is exact: two worlds that differ in nothing else have different plans."""
    facts, definitions = world
    router, brute = Router(definitions, facts), BruteForce(facts, definitions)
    answers = data.draw(st.sampled_from(list(every_world())))
    known = dict(list(answered(router, answers, frozenset(), None).items())[: data.draw(st.integers(0, 3))])
    agreeing = [other for other in every_world() if all(other[name] == fact.value for name, fact in known.items())]
    with day(TODAY):
        outcome = {tuple(other.values()): brute.outcomes(other) for other in agreeing}
    for name in router.askable(known, today=TODAY):
        if name in ("count", "when"):
            continue
        place = list(ANSWERS).index(name)
        groups: dict[tuple[Any, ...], set[tuple[bool | None, ...]]] = {}
        for world_values, result in outcome.items():
            groups.setdefault(world_values[:place] + world_values[place + 1 :], set()).add(result)
        assert any(len(results) > 1 for results in groups.values()), name
