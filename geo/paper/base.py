"""The schematic base on paper, painted and labelled by the rules by which scripts paint it on screens (geo/basemap/painting.json).

Drawn features are taken as they were drawn; what is invented between them, streets and houses, from the tiles that browsers load. Each tile
is opened by itself: GDAL reads the whole archive to look for a place in it, which takes seconds.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry

from geo import basemap
from geo.paper.labels import Labels, Lettering
from geo.paper.sheet import Ground
from geo.paper.svg import dash, element, path_data

_INVENTED = {"field": 14, "street": 14, "house": 16, "label": 15}
"""Layers of the archive that are read, and from which zoom on anything of them is shown (drawing/archive.py)."""
_DATA_ZOOM = 15
_Tile = tuple[str, int, int]
"""Where GDAL reads a tile, and its column and row."""
_OF_DISTRICTS = 3
"""The rank of labels that name 丁目."""
_BORDER = "#4d4d4d"
"""The boundary of the city, which screens draw in its own colour."""
_FINEST = 0.15
"""Units of the drawing below which nobody sees a corner."""


@dataclass(frozen=True, slots=True)
class _Feature:
    kind: str
    properties: Mapping[str, Any]
    shape: BaseGeometry
    """As it lies on the drawing."""


def draw_base(sheet: Ground, labels: Labels, city: str) -> str:
    """The base of a sheet as SVG; the names of the base claim their room in `labels`. Ground beyond the city of that key is faded."""
    features = [*_drawn(sheet), *_invented(sheet)]
    width, height = sheet.size
    parts = [element("rect", width=width, height=height, fill=basemap.style()["outside"]["fill"])]
    for rule in basemap.painting()["paint"]:
        meant = [each for each in features if each.kind == rule["kind"] and _is_meant(sheet, rule, each)]
        parts.extend(_painted(sheet, rule, meant))
    parts.extend(_boundary(features, city))
    for rule in basemap.painting()["labels"]:
        if rule["min_zoom"] <= sheet.zoom <= rule.get("max_zoom", math.inf):
            parts.extend(_labelled(sheet, rule, features, labels))
    return "".join(parts)


def _drawn(sheet: Ground) -> Iterator[_Feature]:
    window = sheet.window()
    for feature in basemap.features():
        properties = feature["properties"]
        kind, label = properties["kind"], properties.get("label")
        placed = sheet.place_degrees(shape(feature["geometry"]))
        if kind == "outside":
            continue
        if placed.geom_type == "Point":
            yield _Feature("label", {**properties, "of": kind}, placed)
            continue
        if label and placed.geom_type.endswith("Polygon"):
            yield _Feature("label", {**properties, "of": kind}, sheet.place_degrees(Point(label)))
        clipped = shapely.intersection(placed, window)
        if not clipped.is_empty:
            yield _Feature(kind, properties, clipped)


def _invented(sheet: Ground) -> Iterator[_Feature]:
    """What is drawn by rule. A shape that tiles have cut lies in two of them, see `_painted`."""
    window, seen = sheet.window(), set[str]()
    with as_file(files(basemap) / "schematic.pmtiles") as archive:
        for kind, told, placed in _read(sheet, archive):
            if kind == "label" and (told.get("rank") != _OF_DISTRICTS or told["name"] in seen):
                continue  # the others are drawn ones, and tiles repeat what lies at their edges
            seen.add(str(told.get("name")))
            if placed.intersects(window):
                yield _Feature(kind, told, placed)


def _read(sheet: Ground, archive: Path) -> Iterator[tuple[str, Mapping[str, Any], BaseGeometry]]:
    """The kinds that this zoom shows, one after the other, with their properties, as they lie on the drawing."""
    tiles = [(tile, _layers_of(tile)) for tile in _tiles(sheet, archive)]
    for kind, from_zoom in _INVENTED.items():
        for (path, x, y), layers in tiles:
            if sheet.zoom < from_zoom or kind not in layers:
                continue
            told, _fids, shapes, columns = pyogrio.raw.read(path, layer=kind, X=str(x), Y=str(y), Z=str(_DATA_ZOOM))
            degrees = shapely.transform(shapely.from_wkb(shapes), _from_web)
            shown: Any = shapely.simplify(sheet.place_degrees(degrees), _FINEST)
            for index, placed in enumerate(shown):
                row = {name: column[index] for name, column in zip(told["fields"], columns, strict=True)}
                properties = {name: value for name, value in row.items() if value is not None and value == value}  # noqa: PLR0124 - NaN
                yield kind, properties, placed


def _tiles(sheet: Ground, archive: Path) -> Iterator[_Tile]:
    west, south, east, north = sheet.bounds
    left, top = _tile_at(west, north)
    right, bottom = _tile_at(east, south)
    for x, y in product(range(left, right + 1), range(top, bottom + 1)):
        yield f"MVT:/vsipmtiles/{archive}/{_DATA_ZOOM}/{x}/{y}.mvt", x, y


def _tile_at(lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the tile in which a place lies."""
    count, slope = 2**_DATA_ZOOM, math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * count), int((1 - slope / math.pi) / 2 * count)


def _layers_of(tile: _Tile) -> frozenset[str]:
    """The layers of a tile; none where the archive ends."""
    try:
        return frozenset(pyogrio.list_layers(tile[0])[:, 0])
    except pyogrio.errors.DataSourceError:
        return frozenset()


def _from_web(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(_to_web().transform(xy[:, 0], xy[:, 1], direction="INVERSE"))


@cache
def _to_web() -> Transformer:
    return Transformer.from_crs(4326, 3857, always_xy=True)


def _is_meant(sheet: Ground, rule: Mapping[str, Any], feature: _Feature) -> bool:
    told = feature.properties
    at = max(told.get("min_zoom", 0), rule.get("min_zoom", 0)) <= sheet.zoom <= told.get("max_zoom", math.inf)
    fits = ("with" not in rule or rule["with"] in told) and ("without" not in rule or not told.get(rule["without"]))
    return at and fits and rule.get("rank", told.get("rank")) == told.get("rank")


def _painted(sheet: Ground, rule: Mapping[str, Any], features: Sequence[_Feature]) -> Iterator[str]:
    if not features:
        return
    style = basemap.style()[rule["kind"]]
    style = {**style, **style.get(rule.get("style", ""), {})}
    if rule["as"] == "area":
        # as one, so that no edge shows where a tile has cut through it
        merged = shapely.union_all(shapely.make_valid([each.shape for each in features]))
        stroke = {"stroke": style["stroke"], "stroke_width": style["width"]} if "stroke" in style else {}
        yield element("path", d=path_data([merged]), fill=style["fill"], **stroke)
    elif rule["as"] == "dots":
        radius = max(2.0, style["radius_m"] * sheet.units_per_metre)
        for dot in (point for each in features for point in shapely.get_parts(each.shape)):
            yield element("circle", cx=round(dot.x, 2), cy=round(dot.y, 2), r=round(radius, 2), fill=style["fill"])
    else:
        rim = rule["as"] == "casing"
        extra = basemap.painting()["line_width"]["casing"] if rim else 0
        dashes = None if rim else dash(style.get("dash", ()))
        for width, lines in _by_width(sheet, style, features):
            yield element(
                "path",
                d=path_data(lines),
                fill="none",
                stroke=style["casing" if rim else "stroke"],
                stroke_width=round(width + extra, 2),
                stroke_linecap="butt" if dashes else "round",
                stroke_linejoin="round",
                stroke_dasharray=dashes,
            )


def _by_width(
    sheet: Ground, style: Mapping[str, Any], features: Iterable[_Feature]
) -> Iterator[tuple[float, list[BaseGeometry]]]:
    """Lines of the same width together: as wide as the style says at this zoom, or as the street is on the ground when that is more."""
    rule = basemap.painting()["line_width"]
    scale = rule["at_from"] + (sheet.zoom - rule["from_zoom"]) * rule["by_zoom"]
    scale = min(rule["most_scale"], max(rule["least_scale"], scale))
    widths: dict[float, list[BaseGeometry]] = {}
    for each in features:
        on_ground = each.properties.get("width_m", 0) * sheet.units_per_metre
        width = max(rule["least"], style["width"] * scale, on_ground)
        widths.setdefault(round(width, 2), []).append(each.shape)
    yield from sorted(widths.items())


def _boundary(features: Sequence[_Feature], city: str) -> Iterator[str]:
    border = basemap.style()["city"]["border"]
    others = [each.shape for each in features if each.kind == "city" and each.properties["city"] != city]
    own = [each.shape.boundary for each in features if each.kind == "city" and each.properties["city"] == city]
    veil = {"fill": basemap.style()["outside"]["fill"], "fill_opacity": basemap.painting()["outside_opacity"]}
    yield element("path", d=path_data(others), **veil)
    yield element(
        "path",
        d=path_data(own),
        fill="none",
        stroke=_BORDER,
        stroke_width=border["width"],
        stroke_opacity=border["opacity"],
        stroke_dasharray=dash(border["dash"]),
    )


def _labelled(sheet: Ground, rule: Mapping[str, Any], features: Sequence[_Feature], labels: Labels) -> Iterator[str]:
    """Names claim their room in `labels`; what stands beside a name (the dot of a station) is drawn here."""
    colour = basemap.style()[rule["kind"]]["label"]
    look = Lettering(rule["size"] * 0.85, colour, rule.get("halo", "#ffffff"), rule.get("spacing", 0))
    for each in features:
        name, along = each.properties.get("name"), rule["as"] == "along"
        of = each.kind if along else each.properties.get("of")
        if not name or of != rule["kind"] or not (along or _is_meant(sheet, rule, each)):
            continue
        if along:
            _along(each, look, labels)
        elif rule["as"] == "marked":
            mark, (x, y) = rule["mark"], each.shape.centroid.coords[0]
            half = look.width(name) / 2
            sides = ((x + 8 + half, y), (x - 8 - half, y), (x, y - 13), (x, y + 13))
            if any(labels.write(name, *side, look) for side in sides):
                rim = {"stroke": mark.get("stroke"), "stroke_width": mark["width"] or None}
                yield element("circle", cx=round(x, 2), cy=round(y, 2), r=mark["radius"], fill=mark["fill"], **rim)
        else:
            labels.write(name, each.shape.centroid.x, each.shape.centroid.y, look)


def _along(feature: _Feature, look: Lettering, labels: Labels) -> None:
    """A name on the longest straight piece of its line, if it is as long as the name."""
    corners = [part.coords for part in shapely.get_parts(feature.shape) if not isinstance(part, MultiPoint)]
    pieces = [(first, last) for line in corners for first, last in pairwise(line)]
    if not pieces:
        return
    first, last = max(pieces, key=lambda piece: math.dist(*piece))
    name = str(feature.properties["name"])
    if math.dist(first, last) < look.width(name):
        return
    turn = math.degrees(math.atan2(last[1] - first[1], last[0] - first[0]))
    turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
    labels.write(name, (first[0] + last[0]) / 2, (first[1] + last[1]) / 2, look, turn=turn)
