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


def label(kind: str, style: LayerStyle) -> dict[str, Any] | None:
    """What writes the names of a layer of a kind: `layout` and `paint` of a symbol layer; None where the style names nothing.

    `text-font` is a font of whoever looks: a style without `glyphs` is written in fonts of the device (MapLibre GL JS from 5.11, QGIS).
    """
    if not style.label:
        return None
    placing: dict[str, Any] = {"symbol-placement": "line"} if kind == "line" else {}
    below = {"text-anchor": "top", "text-offset": [0, 0.6]} if kind == "point" else {}
    layout = {"text-field": ["to-string", ["get", style.label]], "text-font": ["sans-serif"], "text-size": 12}
    paint = {"text-color": "#1a1a1c", "text-halo-color": "#ffffff", "text-halo-width": 1.5}
    return {"layout": placing | layout | below, "paint": paint}


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
