"""The panel of the staff map: the layers by the department that keeps them, and those that lie over each other, from the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.text import _
from portal.desk.map_state import NONE, stacked, write_layers
from portal.maps import CityLayers, MapLayer

_SEARCHED_FROM = 8
"""So many layers are more than a glance takes in."""


@dataclass(frozen=True)
class LayerGroup:
    """The layers that one department keeps, or that none does, under its title; whether they are in view at first."""

    title: str
    layers: Sequence[MapLayer]
    is_open: bool


@dataclass(frozen=True)
class LayerPanel:
    """What the panel shows. `stack` holds every layer, from the top; `shown` and `start` say which are on now and at first."""

    groups: Sequence[LayerGroup]
    stack: Sequence[MapLayer]
    shown: str
    start: str
    is_searched: bool


def layer_panel(layers: CityLayers, offered: Sequence[MapLayer], arguments: Mapping[str, str]) -> LayerPanel:
    """The panel with these layers, as a link has them on. Departments are read when one of them keeps a layer."""
    stack = stacked(offered, arguments)
    now = {layer.key: layer for layer in stack}
    is_searched = len(offered) >= _SEARCHED_FROM
    return LayerPanel(
        groups=_groups(layers, [now[layer.key] for layer in offered], few=not is_searched),
        stack=stack,
        shown=_text(stack),
        start=_text(stacked(offered, {})),
        is_searched=is_searched,
    )


def _groups(all_layers: CityLayers, layers: Sequence[MapLayer], *, few: bool) -> list[LayerGroup]:
    kept: dict[str | None, list[MapLayer]] = {}
    for layer in layers:
        kept.setdefault(layer.owner, []).append(layer)
    titles = all_layers.department_titles() if kept.keys() - {None} else {}
    return [
        LayerGroup(titles.get(owner or "", _("担当課なし")), group, few or any(layer.shown for layer in group))
        for owner, group in kept.items()
    ]


def _text(stack: Sequence[MapLayer]) -> str:
    return ",".join(write_layers({layer.key: layer.opacity for layer in stack if layer.shown})) or NONE
