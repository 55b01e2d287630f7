"""The style of a layer in the words of QGIS (QML), and as a GeoPackage keeps it: QGIS draws the file as the city's maps draw the layer.

Read by QGIS from 3.16 on, which takes the table `layer_styles` of a GeoPackage for the styles of its layers and the one that is the default at once.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from math import cos, radians
from pathlib import Path
from xml.etree import ElementTree

from geo.style import LayerStyle

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that values of old files may have, and no document of XML."""
_GREY = "#555555"
_DOT_PX = 8
_BOUND = 1e300
"""What stands for no bound of a range, which QGIS needs two of."""
_SCALE_0 = 559_082_264.0 * cos(radians(35.7))
"""Scale denominator of zoom 0 on a screen of 0.28 mm pixels, in Japan (OGC 17-083r4, annex D.1)."""
_SYMBOLS = {"polygon": ("fill", "SimpleFill"), "line": ("line", "SimpleLine"), "point": ("marker", "SimpleMarker")}
_TABLE = """
    CREATE TABLE layer_styles (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
        f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
        owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
    )
"""
_REGISTERED = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles')"
_ROW = """
    INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, description)
    SELECT '', '', table_name, column_name, 'madoguchi', ?, 1, '' FROM gpkg_geometry_columns WHERE table_name = ?
"""


def keep_in_geopackage(path: Path, table: str, kind: str, style: LayerStyle) -> None:
    """Put the style of a layer of a kind (polygon | line | point) beside its features, as QGIS puts it."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(_TABLE)
        file.execute(_REGISTERED)
        file.execute(_ROW, (as_qml(kind, style), table))


def as_qml(kind: str, style: LayerStyle) -> str:
    """The style as a document of QGIS."""
    categories = "Symbology|Labeling|Rendering"
    root = ElementTree.Element("qgis", {"version": "3.22.0", "styleCategories": categories, **_scales(style)})
    root.set("labelsEnabled", "1" if style.label else "0")
    renderer = ElementTree.SubElement(root, "renderer-v2", forceraster="0", symbollevels="0", enableorderby="0")
    symbols = ElementTree.Element("symbols")
    if style.by is None:
        renderer.set("type", "singleSymbol")
        symbols.append(_symbol("0", kind, style, None))
    else:
        renderer.set("type", "categorizedSymbol" if style.by == "category" else "graduatedSymbol")
        renderer.set("attr", style.property or "")
        rows = _categories(style) if style.by == "category" else _ranges(style)
        listed = ElementTree.SubElement(renderer, "categories" if style.by == "category" else "ranges")
        for number, (colour, row) in enumerate(rows):
            row.set("symbol", str(number))
            listed.append(row)
            symbols.append(_symbol(str(number), kind, style, colour))
    renderer.append(symbols)
    if style.label:
        root.append(_labels(style.label))
    return f"{_DOCTYPE}\n{_NO_XML.sub('', ElementTree.tostring(root, encoding='unicode'))}"


def _scales(style: LayerStyle) -> Mapping[str, str]:
    """The zooms at which it is drawn, as scale denominators: the smallest scale, and the largest."""
    if style.min_zoom is None and style.max_zoom is None:
        return {}
    far = 0.0 if style.min_zoom is None else _SCALE_0 / 2 ** (style.min_zoom - 0.5)
    near = 0.0 if style.max_zoom is None else _SCALE_0 / 2 ** (style.max_zoom + 0.5)
    return {"hasScaleBasedVisibilityFlag": "1", "minScale": f"{far:.0f}", "maxScale": f"{near:.0f}"}


def _categories(style: LayerStyle) -> Iterator[tuple[str, ElementTree.Element]]:
    for each in style.classes:
        yield each.colour, _row("category", value=each.value or "", label=each.label or each.value or "")
    if style.other:
        yield style.other, _row("category", value="", label="")


def _ranges(style: LayerStyle) -> Iterator[tuple[str, ElementTree.Element]]:
    lower = -_BOUND
    words = iter(style.legend())
    for each in style.classes:
        upper = _BOUND if each.upper is None else each.upper
        text = next(words).text or ""
        yield each.colour, _row("range", lower=repr(lower), upper=repr(upper), label=text)
        lower = upper


def _row(name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(name, {"render": "true", **attributes})


def _symbol(name: str, kind: str, style: LayerStyle, colour: str | None) -> ElementTree.Element:
    family, simple = _SYMBOLS[kind]
    symbol = ElementTree.Element("symbol", name=name, type=family, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = ElementTree.SubElement(symbol, "layer", {"class": simple, "enabled": "1", "locked": "0", "pass": "0"})
    outline = style.stroke or style.fill or _GREY
    for key, value in _PROPERTIES[kind](style, colour, outline).items():
        ElementTree.SubElement(drawn, "prop", k=key, v=value)
    return symbol


def _area(style: LayerStyle, colour: str | None, outline: str) -> dict[str, str]:
    fill = colour or style.fill
    return {
        "color": _rgba(fill or outline, style.opacity),
        "style": "solid" if fill else "no",
        "outline_color": _rgba(outline),
        "outline_style": ("dash" if style.dash else "solid") if style.stroke else "no",
        "outline_width": f"{style.width:g}",
        "outline_width_unit": "Pixel",
    }


def _line(style: LayerStyle, colour: str | None, outline: str) -> dict[str, str]:
    drawn = {
        "line_color": _rgba(colour or outline, max(style.opacity, 0.55)),
        "line_style": "solid",
        "line_width": f"{style.width:g}",
        "line_width_unit": "Pixel",
        "capstyle": "round",
        "joinstyle": "round",
    }
    if style.dash:
        dash = ";".join(f"{part:g}" for part in style.dash)
        drawn |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "Pixel"}
    return drawn


def _dot(_style: LayerStyle, colour: str | None, outline: str) -> dict[str, str]:
    return {
        "name": "circle",
        "color": _rgba(colour or outline),
        "outline_style": "no",
        "size": str(_DOT_PX),
        "size_unit": "Pixel",
    }


_PROPERTIES = {"polygon": _area, "line": _line, "point": _dot}


def _rgba(colour: str, opacity: float = 1) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _labels(name: str) -> ElementTree.Element:
    labeling = ElementTree.Element("labeling", type="simple")
    settings = ElementTree.SubElement(labeling, "settings", calloutType="simple")
    style = ElementTree.SubElement(
        settings, "text-style", fieldName=name, isExpression="0", fontSize="9", fontSizeUnit="Point"
    )
    ElementTree.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="1", bufferColor="255,255,255,235")
    return labeling
