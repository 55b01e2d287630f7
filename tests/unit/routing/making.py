"""Small vocabularies and definitions for the router."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms import Definition, load
from forms.catalogue.vocabulary import Fact
from forms.definition.routing import Routing
from forms.routing import UNSURE, Facts, KnownFact, Router
from tests.unit.forms.making import text

#: Ten words of a vocabulary in which a dog's day depends on the dog, and a school on an address.
FACTS: Mapping[str, dict[str, Any]] = {
    "moving": {"type": "bool"},
    "kind": {"type": "choice", "options": {"in": {"ja": "来る"}, "out": {"ja": "出る"}}, "asked_when": "moving"},
    "has_dog": {"type": "bool", "because": {"yes": {"ja": "犬を飼っている", "en": "you have a dog"}}},
    "dog_day": {"type": "date", "asked_when": "has_dog"},
    "age": {"type": "int"},
    "moved_on": {"type": "date", "asked_when": "moving", "label": {"ja": "引っ越した日"}},
    "moved_in": {"type": "bool", "question": None, "computed": "moved_on <= today()"},
    "home": {"type": "place", "asked_when": "kind == 'in'"},
    "school": {"type": "string", "question": None, "from_map": {"layer": "schools", "property": "name", "at": "home"}},
    "in_flood_zone": {"type": "bool", "from_map": {"layer": "floods", "at": "home"}},
}


def vocabulary(entries: Mapping[str, dict[str, Any]] = FACTS) -> dict[str, Fact]:
    """The facts of a test; each has a question unless it says otherwise."""
    return {
        name: Fact.model_validate(
            {key: value for key, value in {"question": {"ja": f"{name}？"}, **entry}.items() if value is not None}
        )
        for name, entry in entries.items()
    }


def routed(key: str, **routing: Any) -> Definition:
    """A procedure with this routing, which need not name facts of the shipped vocabulary."""
    made = load(text(procedure=key))
    return made.model_copy(update={"routing": Routing.model_validate(routing)})


def router(*definitions: Definition, facts: Mapping[str, Fact] | None = None) -> Router:
    """A router over the words of the test."""
    return Router(definitions, facts or vocabulary())


def known(**values: Any) -> Facts:
    """Facts that the resident gave; `...` stands for 「わからない」."""
    return {name: KnownFact(UNSURE if value is ... else value) for name, value in values.items()}


TODAY = date(2027, 3, 30)
