"""The city's map layers as maps show them: their titles and styles, and which have a switch and are shown from the start."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from geo.layers import LayerRow, list_layers
from geo.style import LayerStyle
from portal.core.access import StaffIdentity
from portal.core.text import pick
from portal.maps.sight import LayerSight

MOST_SHOWN = 4
"""Layers that are on when a map opens; under more of them nobody reads the streets."""
_PALETTE = ("#2f6fb0", "#a3561d", "#3b7d3a", "#8a4a9c", "#8a6d00", "#1f7a7a")


def default_style(kind: str, number: int) -> dict[str, Any]:
    """The style of a layer that was loaded without one; `number` is its place among them, so that neighbours differ in colour."""
    return layer_style(kind, _PALETTE[number % len(_PALETTE)])


def style_of(kind: str, style: Mapping[str, Any], number: int = 0) -> dict[str, Any]:
    """The style of a layer: its own, or a default one where it was loaded without."""
    return dict(style) or default_style(kind, number)


def layer_style(kind: str, colour: str) -> dict[str, Any]:
    """The style of a layer in one colour: areas lightly filled within their outline, lines, or dots."""
    if kind == "polygon":
        return {"fill": colour, "opacity": 0.18, "stroke": colour, "width": 1}
    return {"stroke": colour, "width": 2, "opacity": 0.8} if kind == "line" else {"fill": colour}


@dataclass(frozen=True)
class MapLayer:
    """A layer with a switch; `shown` from the start, `opacity` (0 to 1) of it. Without a `version` its tiles are compared by what is in them.

    `owner` is the key of the department that keeps it.
    """

    key: str
    title: str
    kind: str
    style: dict[str, Any]
    version: int | None
    shown: bool
    owner: str | None = None
    opacity: float = 1

    def script_options(self, path: str) -> dict[str, Any]:
        """What the map scripts need to draw it from the tiles below `path`."""
        return {
            "key": self.key,
            "title": self.title,
            "kind": self.kind,
            "style": self.style,
            "url": f"{path}/{{z}}/{{x}}/{{y}}.mvt",
            "version": None if self.version is None else str(self.version),
            "shown": self.shown,
        }

    @property
    def drawing(self) -> LayerStyle:
        """The style in words of its classes, for its legend."""
        return LayerStyle.stored(self.style)

    @property
    def colour(self) -> str:
        """The colour of its swatch."""
        return str(self.style.get("fill") or self.style.get("stroke"))


class CityLayers:
    """The layers of a city that are in use and that `staff` see (without one: all staff), read once, when the first is needed."""

    def __init__(self, session: Session, staff: StaffIdentity | None = None) -> None:
        self._session = session
        self._sight = None if staff is None else LayerSight(session, staff)

    @cached_property
    def _rows(self) -> list[LayerRow]:
        rows = list_layers(self._session)
        sight = self._sight
        return [row for row in rows if (row.visible_to != "groups" if sight is None else sight.sees(row))]

    @cached_property
    def _styles(self) -> dict[str, dict[str, Any]]:
        unstyled = [row.key for row in self._rows if not row.style]
        number = {key: place for place, key in enumerate(unstyled)}
        return {row.key: style_of(row.kind, row.style, number.get(row.key, 0)) for row in self._rows}

    def switchable(self, *, shown: Collection[str], as_base_map: bool = False) -> list[MapLayer]:
        """The layers that a map offers, in their order; the first `MOST_SHOWN` whose keys are in `shown` are shown from the start.

        An outline without a fill, and names without a sign, are part of the base map and left out; `as_base_map` keeps and shows every
        layer, for a city that has no base map.
        """
        offered = [row for row in self._rows if as_base_map or self._styles[row.key].get("fill") or row.kind == "line"]
        on = [row.key for row in offered if as_base_map or row.key in shown]
        on = on if as_base_map else on[:MOST_SHOWN]
        return [
            MapLayer(
                row.key, pick(row.title, "ja"), row.kind, self._styles[row.key], row.version, row.key in on, row.owner
            )
            for row in offered
        ]

    def public(self) -> list[MapLayer]:
        """Every layer that residents may see, for maps without a base map."""
        hidden = {row.key for row in self._rows if row.visible_to != "public"}
        return [layer for layer in self.switchable(shown=(), as_base_map=True) if layer.key not in hidden]

    def department_titles(self) -> dict[str, str]:
        """The titles of the departments that keep layers and of all others, by key; empty where nobody's rights are looked at."""
        return {} if self._sight is None else self._sight.titles

    def titles(self) -> dict[str, str]:
        """The title of each layer, by key."""
        return {row.key: pick(row.title, "ja") for row in self._rows}
