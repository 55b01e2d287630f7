"""The style of a layer in the words of MapLibre's style specification, version 8."""

import math
from itertools import chain, pairwise
from typing import Any

from geo.style import LayerStyle

Paint = dict[str, Any]


def paints(kind: str, style: LayerStyle) -> list[tuple[str, Paint]]:
    """What draws a layer of a kind (polygon | line | point): the types of MapLibre's layers, from below, with their paint properties."""
    outline = style.stroke or style.fill or "#555555"
    line: Paint = {"line-color": outline, "line-width": style.width}
    if style.dash:
        line["line-dasharray"] = list(style.dash)
    if kind == "point":
        return [("circle", {"circle-color": _colour(style, style.fill or outline), "circle-radius": 4})]
    if kind == "line":
        return [("line", line | {"line-color": _colour(style, outline), "line-opacity": style.opacity})]
    filled = [("fill", {"fill-color": _colour(style, style.fill), "fill-opacity": style.opacity})]
    return [*(filled if style.fill or style.by else []), *([("line", line)] if style.stroke else [])]


def _colour(style: LayerStyle, single: str | None) -> Any:
    """The colour of a feature as an expression of MapLibre: `match` over values, `step` over numbers; what is in no class is clear."""
    other = style.other or "rgba(0,0,0,0)"
    value = ["get", style.property]
    if style.by == "category":
        return ["match", ["to-string", value], *chain(*((each.value, each.colour) for each in style.classes)), other]
    if style.by == "range":
        steps = pairwise(style.classes)
        above = [part for lower, upper in steps for part in (math.nextafter(lower.upper or 0, math.inf), upper.colour)]
        ranges = ["step", ["to-number", value], style.classes[0].colour, *above]
        return ["case", ["==", ["typeof", value], "number"], ranges, other]
    return single
