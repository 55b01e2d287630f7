"""The plan of this browser's visit: by which window the person came, and what was answered. It knows no name and no house number.

It lives in the session and ends with it, unless the person has their account keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import session
from pydantic import JsonValue

from common.geometry import Position
from forms.catalogue.vocabulary import Fact
from forms.routing import Facts, KnownFact, fact_from_store
from forms.routing.answering import stored
from portal.core.errors import NotFound
from portal.core.text import _
from portal.residents.plan_account import ACCOUNT_SOURCES

_KEY, _LINKS = "plan", "plan_links"
_MAX_LINKS = 20
_SOURCES = frozenset({"resident", "entrance", "map"}) | ACCOUNT_SOURCES


@dataclass(frozen=True)
class PlanVisit:
    """A plan that somebody is making. `answered` are the facts that were answered, in that order."""

    event: str
    facts: Facts
    answered: tuple[str, ...]
    vanished: bool
    """Whether an answer was dropped because the city does not ask that any more."""

    @property
    def last(self) -> str | None:
        """The fact answered last, to which the way back leads."""
        return self.answered[-1] if self.answered else None

    def before(self, name: str) -> str | None:
        """The fact answered before another; the last one for a fact that is not answered yet."""
        if name not in self.answered:
            return self.last
        place = self.answered.index(name)
        return self.answered[place - 1] if place else None


def begin(event: str, facts: Facts) -> None:
    """Begin a new plan, with what is known by the window and of the account."""
    session[_KEY] = {
        "event": event,
        "facts": {name: [stored(known.value), known.source, known.detail] for name, known in facts.items()},
        "asked": [],
    }


def forget() -> None:
    """Drop the plan of this visit."""
    session.pop(_KEY, None)


def content() -> dict[str, Any]:
    """The plan of this visit as plain data, which `read` and `take` understand."""
    return {key: session[_KEY][key] for key in ("event", "facts", "asked")}


def take(kept: Mapping[str, Any]) -> None:
    """Go on with a kept plan in this visit."""
    session[_KEY] = dict(kept)


def kept() -> int | None:
    """The number under which the account keeps this plan; None while it is in the visit alone."""
    number: int | None = session.get(_KEY, {}).get("kept")
    return number


def mark_kept(number: int | None) -> None:
    """Note that the account keeps this plan under a number, or does not any more."""
    session[_KEY] = {**session[_KEY], "kept": number}


def remember_link(number: int) -> None:
    """Note a link that this visit made, so that it can end it."""
    session[_LINKS] = [*links(), number][-_MAX_LINKS:]


def links() -> list[int]:
    """The numbers of the links that this visit made."""
    return list(session.get(_LINKS, []))


def take_links() -> list[int]:
    """The same, and forget them."""
    made = links()
    session.pop(_LINKS, None)
    return made


def current(vocabulary: Mapping[str, Fact]) -> PlanVisit:
    """The plan of this visit. Raises NotFound where none was begun, or the visit has ended."""
    kept: dict[str, Any] | None = session.get(_KEY)
    if kept is None:
        raise NotFound(
            _(
                "計画は、まだ始まっていないか、時間がたって終わりました。最初のページの窓口から、もう一度始めてください。"
            )
        )
    return read(kept, vocabulary)


def places() -> list[tuple[str, Position]]:
    """The places in the plan of this visit, if there is one: what each is called, and where it is."""
    entries = session.get(_KEY, {}).get("facts", {}).values()
    values = [value for value, *_ in entries if isinstance(value, Mapping) and {"label", "lon", "lat"} <= value.keys()]
    return [(value["label"], (value["lon"], value["lat"])) for value in values]


def read(kept: Mapping[str, Any], vocabulary: Mapping[str, Fact]) -> PlanVisit:
    """A plan from plain data, without what the vocabulary does not have any more."""
    facts = dict(_read(kept["facts"], vocabulary))
    return PlanVisit(
        kept["event"], facts, tuple(name for name in kept["asked"] if name in facts), len(facts) < len(kept["facts"])
    )


def _read(kept: Mapping[str, list[Any]], vocabulary: Mapping[str, Fact]) -> Iterator[tuple[str, KnownFact]]:
    for name, (value, source, detail) in kept.items():
        if name in vocabulary and source in _SOURCES:
            known = fact_from_store(vocabulary[name], value, source, detail)
            if known is not None:
                yield name, known


def answer(facts: Facts, *, dropped: frozenset[str] = frozenset()) -> None:
    """Add answers; facts that followed from a former one are `dropped`."""
    kept: dict[str, Any] = dict(session[_KEY])
    values: dict[str, list[JsonValue]] = {name: entry for name, entry in kept["facts"].items() if name not in dropped}
    values |= {name: [stored(known.value), known.source, known.detail] for name, known in facts.items()}
    answered = [name for name, known in facts.items() if known.source == "resident"]
    before = [name for name in kept["asked"] if name not in dropped]
    session[_KEY] = {**kept, "facts": values, "asked": [*before, *(name for name in answered if name not in before)]}
