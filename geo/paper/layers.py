"""Layers of the catalogue on paper, in the style in which every map draws them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.orm import Session

from geo.paper.labels import Labels, Lettering
from geo.paper.sheet import Ground, Sheet
from geo.paper.svg import dash, element, path_data
from geo.style import LayerStyle
from geo.tables import layer, layer_feature

MAX_FEATURES = 20_000
MAX_VERTICES = 200_000
"""What all layers of a sheet may bring together; a sheet of so much takes about ten seconds to make."""
DOT_RADIUS = 4.0
_FINEST = 0.2
"""Units of the drawing (a twentieth of a millimetre) below which corners are left out."""
_MARGIN = 20.0
_LETTERS = 10.0


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer to draw: its key and kind (polygon | line | point), its style, and how much of it is seen (0 to 1)."""

    key: str
    kind: str
    style: LayerStyle
    opacity: float = 1

    def is_drawn(self, sheet: Sheet) -> bool:
        """Whether its style draws it at the scale of a sheet."""
        least, most = self.style.min_zoom or 0, self.style.max_zoom or 99
        return least <= round(sheet.zoom) <= most


@dataclass(frozen=True, slots=True)
class Work:
    """How much layers have on a sheet."""

    features: int
    vertices: int

    @property
    def is_too_much(self) -> bool:
        """Whether it is more than a sheet holds."""
        return self.features > MAX_FEATURES or self.vertices > MAX_VERTICES


class TooMuch(Exception):
    """Layers have more on a sheet than it holds."""

    def __init__(self, work: Work) -> None:
        super().__init__(f"{work.features} features, {work.vertices} vertices")
        self.work = work


def work_of(connection: Connection | Session, sheet: Sheet, layers: Iterable[DrawnLayer]) -> Work:
    """How much layers have on a sheet; no more than a little over what it holds is counted."""
    features = vertices = 0
    for drawn in layers:
        if not drawn.is_drawn(sheet):
            continue
        rows = _rows(sheet, drawn.key).limit(MAX_FEATURES + 1).subquery()
        counts = select(func.count(), func.coalesce(func.sum(func.ST_NPoints(rows.c.shape)), 0))
        number, corners = connection.execute(counts.select_from(rows)).one()
        features, vertices = features + number, vertices + corners
    return Work(features, vertices)


def draw_layers(connection: Connection | Session, sheet: Sheet, labels: Labels, layers: Sequence[DrawnLayer]) -> str:
    """The layers of a sheet as SVG, the first of them on top. Raises TooMuch."""
    work = work_of(connection, sheet, layers)
    if work.is_too_much:
        raise TooMuch(work)
    drawings = [_drawing(connection, sheet, labels, drawn) for drawn in layers if drawn.is_drawn(sheet)]
    return "".join(reversed(drawings))


def _drawing(connection: Connection | Session, sheet: Sheet, labels: Labels, drawn: DrawnLayer) -> str:
    placed = _placed(connection, sheet, drawn.key)
    body = "".join(_classes(drawn, placed))
    if drawn.style.label:
        for properties, shape in placed:
            write_name(drawn, properties, shape, labels)
    opacity = None if drawn.opacity >= 1 else drawn.opacity
    return element("g", body, opacity=opacity) if body else ""


def drawing(connection: Connection | Session, ground: Ground, drawn: DrawnLayer, chosen: ColumnElement[bool]) -> str:
    """Those features of a layer that are chosen as SVG, without their names, at whatever scale."""
    return "".join(_classes(drawn, _placed(connection, ground, drawn.key, chosen)))


def _placed(
    connection: Connection | Session, ground: Ground, key: str, *chosen: ColumnElement[bool]
) -> list[tuple[Mapping[str, Any], BaseGeometry]]:
    rows = connection.execute(_rows(ground, key, *chosen).limit(MAX_FEATURES + 1))
    return [(row.properties, ground.place(from_wkb(bytes(row.wkb)))) for row in rows]


def _rows(sheet: Ground, key: str, *chosen: ColumnElement[bool]) -> Select[Any]:
    """Features of a layer on the sheet, in metres of its plane, cut off a little beyond its edge.

    Plan: Index Scan on ix_layer_feature_geom.
    """
    plane = sheet.plane.srid
    margin = _MARGIN / sheet.units_per_metre
    west, south, east, north = sheet.extent
    frame = func.ST_MakeEnvelope(west - margin, south - margin, east + margin, north + margin, plane)
    shape = func.ST_ClipByBox2D(func.ST_Transform(layer_feature.c.geom, plane), frame)
    simple = func.ST_SimplifyPreserveTopology(shape, _FINEST / sheet.units_per_metre)
    ring = func.ST_Transform(frame, 4326)
    visible = (
        select(layer_feature.c.id, layer_feature.c.properties, simple.label("shape"))
        .join(layer, layer.c.id == layer_feature.c.layer_id)
        .where(layer.c.key == key, layer_feature.c.geom.ST_Intersects(ring), *chosen)
        .order_by(layer_feature.c.id)
        .subquery()
    )
    return (
        select(visible.c.id, visible.c.properties, visible.c.shape, func.ST_AsBinary(visible.c.shape).label("wkb"))
        .where(~func.ST_IsEmpty(visible.c.shape))
        .order_by(visible.c.id)
    )


def _classes(drawn: DrawnLayer, placed: Sequence[tuple[Mapping[str, Any], BaseGeometry]]) -> Iterator[str]:
    """What is of one colour is one path."""
    coloured: dict[str | None, list[BaseGeometry]] = {}
    for properties, shape in placed:
        colour = drawn.style.class_colour(properties) if drawn.style.by else ""
        if colour is not None:
            coloured.setdefault(colour, []).append(shape)
    for colour, shapes in coloured.items():
        yield from paint(drawn.kind, drawn.style, colour or None, shapes)


def paint(kind: str, style: LayerStyle, colour: str | None, shapes: Sequence[BaseGeometry]) -> Iterator[str]:
    """Shapes of one class as SVG, as scripts paint them (static/js/map/overlays.js); also the signs of a legend. `colour` is that of the class."""
    single = style.fill or style.stroke or "#555555"
    if kind == "point":
        for point in (part for shape in shapes for part in shapely.get_parts(shape)):
            middle = point.centroid
            yield element("circle", cx=round(middle.x, 2), cy=round(middle.y, 2), r=DOT_RADIUS, fill=colour or single)
        return
    data = path_data(shapes)
    outline: dict[str, Any] = {
        "stroke_width": style.width,
        "stroke_linejoin": "round",
        "stroke_dasharray": dash(style.dash),
    }
    if kind == "line":
        opacity = max(style.opacity, 0.55)
        line: dict[str, Any] = {
            "stroke": colour or style.stroke or single,
            "stroke_opacity": opacity,
            "stroke_linecap": "round",
        }
        yield element("path", d=data, fill="none", **line, **outline)
        return
    if fill := colour or style.fill:
        yield element("path", d=data, fill=fill, fill_opacity=style.opacity, fill_rule="nonzero")
    if style.stroke:
        yield element("path", d=data, fill="none", stroke=style.stroke, **outline)


def write_name(drawn: DrawnLayer, properties: Mapping[str, Any], shape: BaseGeometry, labels: Labels) -> None:
    """The name of a feature: beside a point, within an area and on a line, where these are as long as their name."""
    text = properties.get(drawn.style.label or "")
    if text in (None, ""):
        return
    look = Lettering(_LETTERS, drawn.style.stroke or drawn.style.fill or "#333333")
    width = look.width(str(text))
    if drawn.kind == "point":
        spot = shape.centroid
        labels.claim(spot.x, spot.y, DOT_RADIUS, DOT_RADIUS)
        sides = ((spot.x + 7 + width / 2, spot.y), (spot.x - 7 - width / 2, spot.y))
        any(labels.write(str(text), *side, look) for side in sides)
        return
    part = max(shapely.get_parts(shape), key=shapely.length)
    west, _south, east, _north = part.bounds
    if (part.length if drawn.kind == "line" else east - west) >= width:
        spot = part.interpolate(0.5, normalized=True) if drawn.kind == "line" else part.representative_point()
        labels.write(str(text), spot.x, spot.y, look)
