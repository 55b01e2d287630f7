"""The city's map layers as the desk switches them: what they are called, how they are drawn, and which are on from the start."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from geo.tables import layer
from portal.core.text import pick


@dataclass(frozen=True)
class Layer:
    """A layer with a switch; `shown` from the start."""

    key: str
    title: str
    kind: str
    style: dict[str, Any]
    version: int
    shown: bool

    @property
    def colour(self) -> str:
        """The colour of its swatch."""
        return str(self.style.get("fill") or self.style.get("stroke"))


class CityLayers:
    """The layers of a city, read when the first is asked for and then no more."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _rows(self) -> Sequence[Any]:
        columns = (layer.c.key, layer.c.title, layer.c.kind, layer.c.style, layer.c.version)
        return self._session.execute(select(*columns).order_by(layer.c.sort)).all()

    def drawn(self, *, judging: Collection[str]) -> list[Layer]:
        """Those that have something to draw, in their order; those by which places are judged are shown from the start.

        Names of places and the city's own boundary are part of the base map.
        """
        return [
            Layer(one.key, pick(one.title, "ja"), one.kind, one.style, one.version, one.key in judging)
            for one in self._rows
            if one.style.get("fill") or one.kind == "line"
        ]

    def titles(self) -> dict[str, str]:
        """What they are called, by key."""
        return {one.key: pick(one.title, "ja") for one in self._rows}


def layers_of_rules(definitions: Iterable[Definition]) -> frozenset[str]:
    """The layers that places of these procedures have to touch: what a clerk compares them with."""
    return frozenset(
        rule.intersects
        for definition in definitions
        for place in definition.place_fields.values()
        for rule in getattr(place, "rules", ())
        if rule.intersects
    )
