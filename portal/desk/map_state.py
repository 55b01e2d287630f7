"""What a link says of the map beside the list: which layers are on, in which order, how much of each is seen, and over which base map.

Where the map looks, its script reads itself (`at`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.maps import MapLayer

MAX_LAYERS = 30
AT = re.compile(r"\d{1,2}(?:\.\d{1,2})?/-?\d{1,3}(?:\.\d{1,6})?/-?\d{1,3}(?:\.\d{1,6})?", re.ASCII)
"""Zoom, latitude and longitude, as in 16.5/35.69842/139.41367."""
_LAYER = re.compile(r"([\w.-]{1,80})(?::([01](?:\.\d{1,4})?))?", re.ASCII)
_BASE = re.compile(r"[a-z][a-z0-9-]{0,29}")
_LEAST = 0.1
"""Of a layer that is on, something is seen."""
NONE = "none"
"""In place of keys: no layer is on."""
_FROM_TOP = {"line": 0, "point": 1, "polygon": 2}


def read_layers(text: str, most: int = MAX_LAYERS) -> dict[str, float]:
    """The layers of a text `key:share,…` from the top, with how much of each is seen; without a share all of it.

    What cannot be read is left out.
    """
    layers: dict[str, float] = {}
    for part in text.split(","):
        match = _LAYER.fullmatch(part)
        if match and match[1] != NONE and len(layers) < most:
            layers.setdefault(match[1], min(1.0, max(_LEAST, float(match[2] or 1))))
    return layers


def write_layers(layers: Mapping[str, float]) -> list[str]:
    """The parts of such a text."""
    return [key if share == 1 else f"{key}:{share:g}" for key, share in layers.items()]


def layers_named(arguments: Mapping[str, str]) -> dict[str, float] | None:
    """The layers that a link switches on; None when it says nothing of them."""
    return read_layers(arguments["layers"]) if "layers" in arguments else None


def base_named(arguments: Mapping[str, str]) -> str:
    """The key of the base map that a link chooses; empty when it says nothing of it."""
    base = arguments.get("base", "")
    return base if _BASE.fullmatch(base) else ""


def stacked(offered: Sequence[MapLayer], arguments: Mapping[str, str]) -> list[MapLayer]:
    """The layers from the top: those that the link switches on, then the others; without a word of it as the page begins.

    It begins with lines over points over areas, so that none hides another.
    """
    numbered = sorted(enumerate(offered), key=lambda each: (_FROM_TOP.get(each[1].kind, 1), -each[0]))
    layers = [layer for _number, layer in numbered]
    named = layers_named(arguments)
    if named is None:
        return layers
    known = {layer.key: layer for layer in layers}
    first = [replace(known[key], shown=True, opacity=share) for key, share in named.items() if key in known]
    return [*first, *(replace(layer, shown=False) for layer in layers if layer.key not in named)]


def missing_layers(offered: Sequence[MapLayer], arguments: Mapping[str, str]) -> list[str]:
    """The keys of layers that a link switches on and that this page cannot show."""
    known = {layer.key for layer in offered}
    return [key for key in layers_named(arguments) or () if key not in known]
