"""The router with 300 published procedures over the words that come with Madoguchi, beside the engine asking each condition once."""

import json
from collections.abc import Callable, Iterator
from datetime import date

from forms import Definition, applies, load
from forms.catalogue.vocabulary import shipped
from forms.routing import KnownFact, Router

_TODAY = date(2027, 3, 30)
_PROCEDURES = 300


def measures() -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """Each measure with its name, its work and the bare work to hold it against."""
    definitions = [_definition(number, condition) for number, condition in enumerate(_conditions())]
    router = Router(definitions, shipped().facts)
    first = {"disaster": KnownFact(False)}
    bare = {name: known.value for name, known in first.items()}

    def each_condition_once() -> list[bool | None]:
        return [applies(definition, bare, today=_TODAY) for definition in definitions]

    yield (
        f"next question of {_PROCEDURES} procedures / ask each condition once",
        lambda: router.next_question(first, today=_TODAY),
        each_condition_once,
    )
    yield (
        f"a plan of {_PROCEDURES} procedures / ask each condition once",
        lambda: router.plan(first, today=_TODAY),
        each_condition_once,
    )
    yield (
        f"a router of {_PROCEDURES} procedures / ask each once",
        lambda: Router(definitions, shipped().facts),
        each_condition_once,
    )


def _conditions() -> list[str]:
    """Conditions of one to three facts, so that every question is asked by some."""
    yes_no = [name for name, fact in shipped().facts.items() if fact.type == "bool"]
    choices = [f"{name} == '{option}'" for name, fact in shipped().facts.items() for option in fact.options]
    made = []
    for number in range(_PROCEDURES):
        parts = [yes_no[(number * step) % len(yes_no)] for step in (1, 3)] + [choices[number % len(choices)]]
        made.append((" && ", " || ")[number % 2].join(parts[: number % 3 + 1]))
    return made


def _definition(number: int, condition: str) -> Definition:
    step = {"id": "s", "title": {"ja": "ページ"}, "fields": [{"id": "q", "type": "text", "label": {"ja": "質問"}}]}
    whole = {
        "procedure": f"p{number}",
        "kind": "notification",
        "title": {"ja": "計る"},
        "department": "citizens",
        "steps": [step],
        "workflow": {"preset": "notification"},
        "routing": {"applies_when": condition, "deadline": {"days": 14, "after": "moved_on"}},
    }
    return load(json.dumps(whole, ensure_ascii=False))
