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

_PALETTE = ("#2f6fb0", "#a3561d", "#3b7d3a", "#8a4a9c", "#8a6d00", "#1f7a7a")


def default_style(kind: str, number: int) -> dict[str, Any]:
    """How a layer is drawn that was loaded without a style; `number` among them, so that neighbours differ in colour."""
    return painted(kind, _PALETTE[number % len(_PALETTE)])


def painted(kind: str, colour: str) -> dict[str, Any]:
    """The style of a layer in one colour: areas lightly filled within their outline, lines, or dots."""
    if kind == "polygon":
        return {"fill": colour, "opacity": 0.18, "stroke": colour, "width": 1}
    return {"stroke": colour, "width": 2, "opacity": 0.8} if kind == "line" else {"fill": colour}


@dataclass(frozen=True)
class Layer:
    """A layer with a switch; `shown` from the start."""

    key: str
    title: str
    kind: str
    style: dict[str, Any]
    version: int
    shown: bool

    def drawing(self, address: str) -> dict[str, Any]:
        """What the map scripts need to draw it from the tiles below `address`."""
        url = f"{address}/{{z}}/{{x}}/{{y}}.mvt"
        return {"key": self.key, "title": self.title, "kind": self.kind, "style": self.style} | {
            "url": url,
            "version": str(self.version),
            "shown": self.shown,
        }

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
        columns = (layer.c.key, layer.c.title, layer.c.kind, layer.c.style, layer.c.version, layer.c.visible_to)
        return self._session.execute(select(*columns).order_by(layer.c.sort, layer.c.id)).all()

    @cached_property
    def _styles(self) -> dict[str, dict[str, Any]]:
        """The style of each layer: its own, or for one that was loaded without any a default one."""
        plain = [row.key for row in self._rows if not row.style]
        return {row.key: row.style or default_style(row.kind, plain.index(row.key)) for row in self._rows}

    def drawn(self, *, judging: Collection[str], all_shown: bool = False) -> list[Layer]:
        """Those that have something to draw, in their order; those by which places are judged are shown from the start.

        A boundary that is a mere outline, and names without a sign, are part of the base map. `all_shown`: there is no base
        map, so everything is drawn and shown.
        """
        return [
            Layer(row.key, pick(row.title, "ja"), row.kind, style, row.version, all_shown or row.key in judging)
            for row in self._rows
            for style in [self._styles[row.key]]
            if all_shown or style.get("fill") or row.kind == "line"
        ]

    def public(self) -> list[Layer]:
        """Everything that residents may see, for maps without a base."""
        hidden = {row.key for row in self._rows if row.visible_to != "public"}
        return [layer for layer in self.drawn(judging=(), all_shown=True) if layer.key not in hidden]

    def titles(self) -> dict[str, str]:
        """What they are called, by key."""
        return {one.key: pick(one.title, "ja") for one in self._rows}


def layers_of_rules(definitions: Iterable[Definition]) -> frozenset[str]:
    """The layers that places of these procedures have to touch: what a clerk compares them with."""
    return frozenset(
        rule.intersects
        for definition in definitions
        for place in definition.place_fields.values()
        for rule in place.rules
        if rule.intersects
    )
