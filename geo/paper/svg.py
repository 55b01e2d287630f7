"""Shapes as the path data of SVG, and elements with their attributes."""

from collections.abc import Iterable
from html import escape
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient


def element(name: str, content: str = "", **attributes: Any) -> str:
    """An element; attributes that are None are left out, `_` in their names stands for `-`. The content is SVG already."""
    written = "".join(
        f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def number(value: float) -> str:
    """A number to a hundredth of a unit, a four-hundredth of a millimetre."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def path_data(shapes: Iterable[BaseGeometry]) -> str:
    """Lines and areas as one path. Holes run against their outlines, so that every rule of filling leaves them open."""
    return "".join(_chain(part) for shape in shapes for part in shapely.get_parts(shape))


def _chain(part: BaseGeometry) -> str:
    if part.is_empty:
        return ""
    if isinstance(part, Polygon):
        turned = orient(part)
        return "".join(_line(ring.coords) + "Z" for ring in (turned.exterior, *turned.interiors))
    return _line(part.coords) if part.geom_type in {"LineString", "LinearRing"} else ""


def _line(coords: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y, *_rest in coords)


def dash(lengths: Iterable[float]) -> str | None:
    """The lengths of a dashed line as an attribute; None for a solid one."""
    return " ".join(number(length) for length in lengths) or None
