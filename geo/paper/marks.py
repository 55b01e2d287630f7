"""Places that a caller puts on a sheet: an outline in its colour, with a pin that carries a number."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.paper.labels import Labels, Lettering
from geo.paper.sheet import Ground
from geo.paper.svg import element, number, path_data

PIN = "M0 0C-3-5-10.5-8.5-10.5-16a10.5 10.5 0 1 1 21 0C10.5-8.5 3-5 0 0Z"
"""The outline of a pin, whose tip is the origin; as scripts draw it (static/js/map/symbols.js)."""
_INK = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in longitude and latitude. `glyph` is the SVG of the sign in its pin; `text` stands beside it; `ring` is drawn around it.

    One that is `dashed` has broken outlines, nothing within them and no pin, unless it is a point.
    """

    shape: BaseGeometry
    colour: str
    glyph: str = ""
    text: str = ""
    ring: str | None = None
    dashed: bool = False


def draw_marks(sheet: Ground, labels: Labels, marks: Sequence[Mark]) -> str:
    """The marks that lie on a sheet as SVG: outlines below all pins, pins of the north behind those of the south."""
    window = sheet.window()
    placed = [(mark, sheet.place_degrees(mark.shape)) for mark in marks]
    shown = [(mark, shape) for mark, shape in placed if shape.intersects(window)]
    outlines = "".join(_outline(mark, shape) for mark, shape in shown if shape.geom_type not in {"Point", "MultiPoint"})
    pinned = [(mark, shape) for mark, shape in shown if not mark.dashed or shape.geom_type in {"Point", "MultiPoint"}]
    tips = sorted(((mark, _tip(shape, window)) for mark, shape in pinned), key=lambda each: each[1].y)
    return outlines + "".join(_pin(mark, tip.x, tip.y, labels) for mark, tip in tips)


def _outline(mark: Mark, shape: BaseGeometry) -> str:
    area = shape.geom_type.endswith("Polygon")
    fill = {"fill": mark.colour, "fill_opacity": 0.3} if area and not mark.dashed else {"fill": "none"}
    return element(
        "path",
        d=path_data([shape]),
        stroke=mark.colour,
        stroke_width=2 if area else 4,
        stroke_linejoin="round",
        stroke_dasharray="7 5" if mark.dashed else None,
        **fill,
    )


def _tip(shape: BaseGeometry, window: BaseGeometry) -> Point:
    """Where the pin of a shape stands: within it, and on the sheet."""
    seen = shapely.make_valid(shape).intersection(window)
    return seen.representative_point()


def _pin(mark: Mark, x: float, y: float, labels: Labels) -> str:
    radius = 17 if mark.ring else 11
    labels.claim(x, y - 14, radius, 15)
    ring = element("circle", cy=-15, r=15, fill="none", stroke=mark.ring, stroke_width=3) if mark.ring else ""
    body = element("path", d=PIN, fill=mark.colour, stroke="#ffffff", stroke_width=1.8)
    glyph = element("g", mark.glyph, transform="translate(0 -16)") if mark.glyph else ""
    if mark.text:
        look = Lettering(11, _INK)
        half = look.width(mark.text) / 2
        sides = ((x + radius + 3 + half, y - 16), (x - radius - 3 - half, y - 16), (x, y + 9), (x, y - 38))
        any(labels.write(mark.text, *side, look) for side in sides)
    return element("g", ring + body + glyph, transform=f"translate({number(x)} {number(y)})")
