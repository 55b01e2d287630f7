"""Faults in a vocabulary, and in what a definition says of routing, before anybody is led by them."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from forms.catalogue.vocabulary import Fact, Item
from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.expressions.errors import ExpressionError
from forms.routing.conditions import FactLanguage, facts_named
from forms.routing.program import RoutingPrograms
from forms.routing.table import MAX_COMBINATIONS, TooManyCombinations

_TOO_MANY = f"この条件に関わる事実が多すぎます。答えの組み合わせは{MAX_COMBINATIONS:,}通りまでです。"
_SPLIT = "手続きを分けるか、いくつかの事実を1つの選択の事実にまとめてください。"


def vocabulary_faults(facts: Mapping[str, Fact], items: Mapping[str, Item]) -> dict[str, str]:
    """What is wrong with the facts of a vocabulary, by the fact: conditions that do not compile, circles, places and addresses that are none."""
    language = FactLanguage(facts)
    faults: dict[str, str] = {}
    needs: dict[str, set[str]] = {}
    for name, fact in facts.items():
        needs[name] = set()
        for setting, text in (("asked_when", fact.asked_when), ("computed", fact.computed)):
            if text is None:
                continue
            try:
                needs[name] |= facts_named(language, text)
            except ExpressionError as error:
                faults[name] = f"{setting}：{error.message}{error.remedy}"
        place = fact.from_map.at if fact.from_map else None
        if place is not None and (place not in facts or facts[place].type != "place"):
            faults[name] = f"from_map の at「{place}」は、type: place の事実ではありません。"
        if fact.fills is not None and (fact.fills not in items or items[fact.fills].type != "address"):
            faults[name] = f"fills の「{fact.fills}」は、type: address の項目ではありません。"
    if faults:
        return faults
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as cycle:
        way: Sequence[str] = cycle.args[1]
        return {way[0]: f"事実が自分自身にもとづいています（{' → '.join(way)}）。"}
    programs = RoutingPrograms(facts)
    for name, fact in facts.items():
        try:
            programs.arises(name)
            if fact.computed is not None:
                programs.decision(fact.computed)
        except TooManyCombinations:
            faults[name] = _TOO_MANY
    return faults


def routing_diagnostics(definition: Definition, facts: Mapping[str, Fact]) -> Iterator[UnlocatedDiagnostic]:
    """What a definition says of routing that cannot be followed, besides expressions that do not compile."""
    routing = definition.routing
    if routing is None:
        return
    programs = RoutingPrograms(facts)
    conditions: list[tuple[Path, str | None]] = [(("routing", "applies_when"), routing.applies_when)]
    for number, special in enumerate(routing.special_deadlines):
        conditions.append((("routing", "special_deadlines", number, "when"), special.when))
    conditions += [(("routing", "held", number, "when"), paper.when) for number, paper in enumerate(routing.held)]
    for path, condition in conditions:
        try:
            programs.decision(condition)
        except ExpressionError:
            continue
        except TooManyCombinations:
            yield UnlocatedDiagnostic(path, _TOO_MANY, _SPLIT)
    for number, name in enumerate(routing.show_facts):
        if name not in facts:
            message = f"「{name}」という事実はありません。"
            yield UnlocatedDiagnostic(("routing", "show_facts", number), message, nearest(name, facts))
