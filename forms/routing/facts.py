"""What is known of a person: facts by name, each with where it is known from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final, Literal

from forms.catalogue.vocabulary import Fact

#: Where a fact is known from. `entrance` is the window of the first page through which the person came.
Source = Literal["resident", "entrance", "profile", "earlier_case", "map", "city"]


class Unsure(Enum):
    """「わからない」: an answer like others, after which the fact is not asked again."""

    UNSURE = "unsure"


UNSURE: Final = Unsure.UNSURE


@dataclass(frozen=True)
class KnownFact:
    """A fact with its value, of the type that the vocabulary says, or UNSURE. `detail` names the source: a layer, a receipt number."""

    value: bool | int | str | date | Mapping[str, Any] | Unsure
    source: Source = "resident"
    detail: str = ""


Facts = Mapping[str, KnownFact]


def domain(fact: Fact) -> tuple[bool | str, ...]:
    """Return every answer of a fact that has only a few; nothing for days, numbers, words and places."""
    if fact.type == "bool":
        return (False, True)
    return tuple(fact.options)
