"""The documents of OGC API Tiles 1.0 (20-057), TileJSON 3.0 and styles of MapLibre for the layers of a city."""

from common.status import STATUSES
from geo import MAX_ZOOM
from geo.maplibre import label, paints
from geo.style import LayerStyle
from portal.cases.case_tiles import CLUSTERS_UP_TO
from portal.ogc.collections import Collection
from portal.ogc.documents import JSON, Document, address, link

MVT = "application/vnd.mapbox-vector-tile"
TILEJSON, STYLE = "application/vnd.mapbox.tile+json", "application/vnd.mapbox.style+json"
MATRIX_SET = "WebMercatorQuad"
_TILING = "/tileMatrixSets/WebMercatorQuad"
_SIDE = 20037508.3427892
_SCALE, _CELL = 559082264.028717, 156543.033928041
"""Scale denominator, and metres of a pixel, of the one tile of zoom 0 (OGC 17-083r4, annex D.1)."""
_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
TILING_SCHEMES = f"{_REL}tiling-schemes"


def links_of(each: Collection) -> list[Document]:
    """Links from a collection to its tiles and its style."""
    path = f"/collections/{each.id}"
    return [
        link(f"{_REL}tilesets-vector", address(f"{path}/tiles"), JSON, each.title),
        link("stylesheet", address(f"{path}/style"), STYLE, each.title),
    ]


def tile_sets(each: Collection) -> Document:
    """The sets of tiles of a collection: there is one."""
    summary = tile_set(each)
    return {"links": [link("self", address(f"/collections/{each.id}/tiles"), JSON)], "tilesets": [summary]}


def tile_set(each: Collection) -> Document:
    """Where the tiles of a collection are, in the terms of the standard."""
    path = f"/collections/{each.id}/tiles/{MATRIX_SET}"
    template = address(f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}")
    return {
        "title": each.title,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetURI": _URI,
        "links": [
            link("self", address(path), JSON, each.title),
            link("describedby", address(f"{path}/tilejson"), TILEJSON, "TileJSON"),
            link(f"{_REL}tiling-scheme", address(_TILING), JSON, MATRIX_SET),
            link("item", template, MVT, each.title) | {"templated": True},
        ],
    }


def tilejson(each: Collection) -> Document:
    """The same for programs that read TileJSON."""
    fields = {name: known.kind.capitalize() for name, known in each.source.queryables.items()}
    document: Document = {
        "tilejson": "3.0.0",
        "name": each.title,
        "tiles": [_template(each)],
        "vector_layers": _vector_layers(each, fields),
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "version": f"{each.number or 1}.0.0",
    }
    if box := each.bounds():
        document["bounds"] = list(box)
    return document | ({"attribution": each.attribution} if each.attribution else {})


def _vector_layers(each: Collection, fields: dict[str, str]) -> list[Document]:
    first = CLUSTERS_UP_TO + 1 if each.clustered else 0
    layers: list[Document] = [{"id": each.id, "fields": fields, "minzoom": first, "maxzoom": MAX_ZOOM}]
    if each.clustered:
        counts = dict.fromkeys(("n", *STATUSES), "Number")
        layers.append({"id": "cells", "fields": counts, "minzoom": 0, "maxzoom": CLUSTERS_UP_TO})
    return layers


def style(each: Collection) -> Document:
    """How the maps of the city paint a layer and write its names, as a style of MapLibre."""
    painted = LayerStyle.stored(each.style)
    limits = {"minzoom": painted.min_zoom, "maxzoom": painted.max_zoom}
    zooms = {name: zoom for name, zoom in limits.items() if zoom is not None}
    parts: list[Document] = [
        {"id": f"{each.id}-{kind}", "type": kind, "source": each.id, "source-layer": each.id, "paint": paint} | zooms
        for kind, paint in paints(each.kind, painted)
    ]
    if each.small_as_points and each.kind != "point":
        dot = next(iter(paints("point", painted)))[1]
        only = {"filter": ["==", ["geometry-type"], "Point"]}
        parts.append(
            {"id": f"{each.id}-small", "type": "circle", "source": each.id, "source-layer": each.id, "paint": dot}
            | only
        )
    if each.clustered:
        size = ["interpolate", ["linear"], ["get", "n"], 1, 5, 100, 14, 10_000, 26]
        parts.append(
            {"id": f"{each.id}-cells", "type": "circle", "source": each.id, "source-layer": "cells"}
            | {"paint": {"circle-color": "#555555", "circle-radius": size, "circle-opacity": 0.7}}
        )
    if names := label(each.kind, painted):
        parts.append(
            {"id": f"{each.id}-names", "type": "symbol", "source": each.id, "source-layer": each.id, **names} | zooms
        )
    source = {"type": "vector", "tiles": [_template(each)], "maxzoom": MAX_ZOOM, "attribution": each.attribution}
    return {"version": 8, "name": each.title, "sources": {each.id: source}, "layers": parts}


def _template(each: Collection) -> str:
    return address(f"/collections/{each.id}/tiles/{MATRIX_SET}/{{z}}/{{y}}/{{x}}")


def matrix_sets() -> Document:
    """The tilings that are served."""
    here = address(_TILING)
    return {"tileMatrixSets": [{"id": MATRIX_SET, "uri": _URI, "links": [link("self", here, JSON, MATRIX_SET)]}]}


def matrix_set() -> Document:
    """The tiling of the web's maps: four tiles for each one of the zoom before."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": _URI,
        "crs": _CRS,
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(zoom),
                "scaleDenominator": _SCALE / 2**zoom,
                "cellSize": _CELL / 2**zoom,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-_SIDE, _SIDE],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 2**zoom,
                "matrixHeight": 2**zoom,
            }
            for zoom in range(MAX_ZOOM + 1)
        ],
    }
