"""What the standards require of each document, as JSON schemas.

Written from the tables and requirements of OGC 17-069r4 (Features, Part 1), 18-058r1 (Part 2), 19-079r2 (Part 3), 20-057 (Tiles) and
17-083r4 (tile matrix sets), of RFC 7946 and RFC 9457, and of TileJSON 3.0 and the style specification of MapLibre; they are not the files
that are published with them, and leave out what this interface does not have.
"""

from typing import Any

Schema = dict[str, Any]


def _object(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


TEXT: Schema = {"type": "string"}
URI: Schema = {"type": "string", "format": "uri", "pattern": "^https?://"}
COUNT: Schema = {"type": "integer", "minimum": 0}
LINK = _object(("href", "rel"), href=URI, rel=TEXT, type=TEXT, hreflang=TEXT, title=TEXT)
LINKS = _list(LINK, minItems=1)
NUMBERS = {"type": "number"}
POSITION = _list(NUMBERS, minItems=2, maxItems=3)
LANDING = _object(("links",), title=TEXT, description=TEXT, links=LINKS)
CONFORMANCE = _object(("conformsTo",), conformsTo=_list(URI, minItems=1, uniqueItems=True))
EXTENT = _object(
    (),
    spatial=_object(("bbox",), bbox=_list(_list(NUMBERS, minItems=4, maxItems=6), minItems=1), crs=URI),
    temporal=_object(("interval",), interval=_list(_list({"type": ["string", "null"]}, minItems=2, maxItems=2))),
)
COLLECTION = _object(
    ("id", "links"),
    id=TEXT,
    title=TEXT,
    description=TEXT,
    links=LINKS,
    extent=EXTENT,
    itemType={"const": "feature"},
    crs=_list(URI, minItems=1, uniqueItems=True),
    storageCrs=URI,
)
COLLECTIONS = _object(("links", "collections"), links=LINKS, collections=_list(COLLECTION))
_KINDS = {
    "Point": POSITION,
    "LineString": _list(POSITION, minItems=2),
    "Polygon": _list(_list(POSITION, minItems=4)),
    "MultiPoint": _list(POSITION),
    "MultiLineString": _list(_list(POSITION, minItems=2)),
    "MultiPolygon": _list(_list(_list(POSITION, minItems=4))),
}
GEOMETRY: Schema = {
    "oneOf": [
        _object(("type", "coordinates"), type={"const": kind}, coordinates=shape) for kind, shape in _KINDS.items()
    ]
}
FEATURE = _object(
    ("type", "geometry", "properties", "id"),
    type={"const": "Feature"},
    id={"type": ["string", "integer"]},
    geometry=GEOMETRY,
    properties={"type": ["object", "null"]},
    links=LINKS,
)
FEATURES = _object(
    ("type", "features", "links", "numberReturned"),
    type={"const": "FeatureCollection"},
    features=_list(FEATURE),
    links=LINKS,
    numberMatched=COUNT,
    numberReturned=COUNT,
)
TILE_SET = _object(
    ("dataType", "crs", "links"),
    title=TEXT,
    dataType={"enum": ["map", "vector", "coverage"]},
    crs=URI,
    tileMatrixSetURI=URI,
    links=LINKS,
)
TILE_SETS = _object(("tilesets",), links=LINKS, tilesets=_list(TILE_SET, minItems=1))
_MATRIX = _object(
    ("id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"),
    id=TEXT,
    scaleDenominator={"type": "number", "exclusiveMinimum": 0},
    cellSize={"type": "number", "exclusiveMinimum": 0},
    pointOfOrigin=POSITION,
    cornerOfOrigin={"enum": ["topLeft", "bottomLeft"]},
    **{name: {"type": "integer", "minimum": 1} for name in ("tileWidth", "tileHeight", "matrixWidth", "matrixHeight")},
)
TILE_MATRIX_SET = _object(("crs", "tileMatrices"), id=TEXT, uri=URI, crs=URI, tileMatrices=_list(_MATRIX, minItems=1))
TILEJSON = _object(
    ("tilejson", "tiles", "vector_layers"),
    tilejson={"const": "3.0.0"},
    tiles=_list(URI, minItems=1),
    vector_layers=_list(_object(("id", "fields"), id=TEXT, fields={"type": "object"}), minItems=1),
    bounds=_list(NUMBERS, minItems=4, maxItems=4),
    version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
)
_PAINTED = _object(("id", "type", "source"), id=TEXT, type={"enum": ["fill", "line", "circle", "symbol"]}, source=TEXT)
STYLE = _object(
    ("version", "sources", "layers"),
    version={"const": 8},
    sources={"type": "object", "additionalProperties": _object(("type",), type={"const": "vector"}, tiles=_list(URI))},
    layers=_list(_PAINTED, minItems=1),
)
QUERYABLES = _object(
    ("$schema", "$id", "type", "properties"),
    **{"$schema": {"const": "https://json-schema.org/draft/2020-12/schema"}, "$id": URI, "type": {"const": "object"}},
    properties={"type": "object", "minProperties": 1},
)
PROBLEM = _object(("type", "title", "status", "detail"), type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT)
_PARAMETER = _object(
    ("name", "in", "schema"), **{"in": {"enum": ["query", "path"]}}, name=TEXT, schema={"type": "object"}
)
_OPERATION = _object(
    ("responses", "operationId"),
    responses={"type": "object", "minProperties": 1},
    parameters=_list(_object(("$ref",), **{"$ref": {"type": "string", "pattern": "^#/components/parameters/"}})),
)
OPENAPI = _object(
    ("openapi", "info", "paths"),
    openapi={"type": "string", "pattern": r"^3\.0\."},
    info=_object(("title", "version"), title=TEXT, version=TEXT),
    paths={
        "type": "object",
        "patternProperties": {"^/": _object(("get",), get=_OPERATION)},
        "additionalProperties": False,
    },
    components=_object((), parameters={"type": "object", "additionalProperties": _PARAMETER}),
)
