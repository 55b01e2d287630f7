"""A printed map as a page for WeasyPrint: the drawing, and beside it everything that a reader of the paper needs to know of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from shapely.geometry import shape
from sqlalchemy.orm import Session

from common import status
from common.status import STATUS_COLOURS, STATUS_WORDS, Status
from geo.catalogue import Entry, entry_of
from geo.paper import DrawnLayer, Mark, Sheet, draw_base, draw_layers, draw_marks
from geo.paper.furniture import grid, north_arrow, scale_bar
from geo.paper.labels import Labels
from geo.paper.layers import paint
from geo.paper.svg import element
from geo.style import LayerStyle
from portal.core.tenancy import City
from portal.core.text import _, date_ja, moment_ja, pick
from portal.maps.layers import style_of
from portal.maps.print_order import PrintedPlace, PrintOrder

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
_OWN = "#00118f"
_LATE = "#ce0000"
_ROW_MM, _LINE_MM, _LETTER_MM = 5.0, 3.8, 2.65
"""Millimetres that a sign of the legend, a line of small print and a letter of it take."""
_FIXED_MM, _HEADING_MM, _NOTES_MM = 78.0, 8.0, 42.0
"""What stands in the column beside a map in any case; above a legend; and above the sources, where they have a column of their own."""
_COLUMNS, _GAP_MM = 3, 6.0


@dataclass(frozen=True, slots=True)
class LegendLayer:
    """A layer in the legend: its title, its signs with their words, and whether the scale draws it."""

    title: str
    signs: Sequence[tuple[Markup, str]]
    drawn: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a layer comes from, in words."""

    title: str
    text: str


def page_of(session: Session, city: City, order: PrintOrder, printed_at: datetime) -> str:
    """The pages of a printed map as HTML. Raises geo.paper.TooMuch."""
    sheet = order.sheet(city.plane)
    entries = [(layer, entry) for layer in order.layers if (entry := entry_of(session, layer.key)) is not None]
    drawn = [DrawnLayer(entry.key, entry.kind, _style(entry), layer.opacity) for layer, entry in entries]
    legend = [_legend(layer, entry, sheet) for layer, (_chosen, entry) in zip(drawn, entries, strict=True)]
    statuses = {place.status for place in order.places if place.status}
    rows = sum(1 + len(each.signs) for each in legend) + len(statuses) + 2
    origins = [_origin(entry) for _chosen, entry in entries]
    return (
        _environment()
        .get_template("desk/documents/map.html")
        .render(
            order=order,
            city=city,
            sheet=sheet,
            drawing=_drawing(session, city, order, sheet, drawn),
            scale_bar=Markup(scale_bar(order.scale)),  # noqa: S704 - made of numbers
            north=Markup(north_arrow()),  # noqa: S704 - the same
            legend=legend,
            explained_on_map=_has_room(sheet, rows, origins),
            column=_column(sheet),
            places=[(glyph_sign(each), _(STATUS_WORDS[each])) for each in status.STATUSES if each in statuses],
            late=any(place.late for place in order.places),
            outlined=any(place.status is None for place in order.places),
            origins=origins,
            printed_at=printed_at,
            printed=moment_ja(printed_at),
        )
    )


def _column(sheet: Sheet) -> float:
    """Width of a column of what explains the map, in millimetres: one beside a lying map, three below an upright one."""
    width = sheet.beside.width
    return width if sheet.landscape else (width - (_COLUMNS - 1) * _GAP_MM) / _COLUMNS


def _has_room(sheet: Sheet, rows: int, origins: Sequence[Origin]) -> bool:
    """Whether a legend of so many rows and the sources fit beside the map; else they have a page of their own."""
    letters = _column(sheet) / _LETTER_MM
    lines = sum(math.ceil(len(each.text) / letters) + 0.3 for each in origins)
    signs, sources, room = _ROW_MM * rows, _LINE_MM * lines, sheet.beside.height
    if sheet.landscape:
        return _FIXED_MM + signs + sources <= room
    return _HEADING_MM + signs <= room and _NOTES_MM + sources <= room


def _style(entry: Entry) -> LayerStyle:
    return LayerStyle.stored(style_of(entry.kind, entry.style))


def _drawing(session: Session, city: City, order: PrintOrder, sheet: Sheet, layers: Sequence[DrawnLayer]) -> Markup:
    """The map as one SVG element. Marks claim their room before the names of the base, which give way."""
    width, height = sheet.size
    labels = Labels(width, height)
    crosses = grid(sheet, labels)
    marks = draw_marks(sheet, labels, [_mark(place) for place in order.places])
    overlays = draw_layers(session, sheet, labels, layers)
    ground = element("rect", width=width, height=height, fill="#ffffff")
    base = draw_base(sheet, labels, city.key) if order.base == "schematic" else ground
    names = labels.drawing()
    size = {"width": f"{sheet.frame.width}mm", "height": f"{sheet.frame.height}mm"}
    drawn = element("svg", base + overlays + crosses + names + marks, viewBox=f"0 0 {width} {height}", **size)
    return Markup(drawn)  # noqa: S704 - every text and attribute in it was escaped


def _mark(place: PrintedPlace) -> Mark:
    geometry = shape(dict(place.geometry))
    if place.status is None:
        return Mark(geometry, _OWN, '<circle r="3.2" fill="#fff"/>', place.number)
    ring = _LATE if place.late else None
    return Mark(geometry, STATUS_COLOURS[place.status], _glyphs()[place.status], place.number, ring)


def glyph_sign(of: Status) -> Markup:
    """The sign of a status: its glyph on a disc of its colour."""
    disc = element("circle", r=8.5, fill=STATUS_COLOURS[of]) + _glyphs()[of]
    return Markup(element("svg", disc, viewBox="-9 -9 18 18", width="4mm", height="4mm"))  # noqa: S704 - our own shapes


def _legend(layer: DrawnLayer, entry: Entry, sheet: Sheet) -> LegendLayer:
    entries = list(layer.style.legend())
    signs = [
        (_sign(layer, each.colour), "そのほか" if each.text is None else each.text or "すべて") for each in entries
    ]
    return LegendLayer(pick(entry.title, "ja"), signs or [(_sign(layer, None), "")], layer.is_drawn(sheet))


def _sign(layer: DrawnLayer, colour: str | None) -> Markup:
    """A piece of the layer as the map draws it."""
    pieces: Mapping[str, Any] = {
        "point": shapely.Point(14, 8),
        "line": shapely.LineString([(2, 8), (26, 8)]),
        "polygon": shapely.box(3, 2, 25, 14),
    }
    drawn = "".join(paint(layer.kind, layer.style, colour, [pieces[layer.kind]]))
    opacity = layer.opacity if layer.opacity < 1 else None
    sign = element("svg", element("g", drawn, opacity=opacity), viewBox="0 0 28 16", width="7mm", height="4mm")
    return Markup(sign)  # noqa: S704 - colours are checked, the rest is ours


def _origin(entry: Entry) -> Origin:
    none = "記載なし"
    day = date_ja(entry.data_date, year=True)
    parts = (
        f"出典 {entry.attribution or entry.source or none}",
        f"利用の条件 {entry.licence or none}",
        f"{day}のデータ" if entry.data_date else "データの日の記載なし",
        f"第{entry.version}版",
    )
    return Origin(pick(entry.title, "ja"), "・".join(parts))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=_, date_ja=date_ja, STATUS_WORDS=STATUS_WORDS)
    return environment


@cache
def _glyphs() -> Mapping[str, str]:
    """The shapes of the statuses, as pages have them."""
    components: Any = _environment().get_template("components/status.html").module
    shapes: Mapping[str, str] = components.shapes
    return shapes
