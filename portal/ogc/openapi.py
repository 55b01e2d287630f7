"""The description of the interface in OpenAPI 3.0, from which programs read what they may ask for."""

from typing import Any

from portal.core.text import _
from portal.ogc.arguments import CQL2_TEXT, MOST, USUAL, Systems
from portal.ogc.documents import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, address
from portal.ogc.tile_documents import MATRIX_SET, MVT, STYLE, TILEJSON

_TEXT = {"type": "string"}


def description(title: str, systems: Systems) -> dict[str, Any]:
    """The document. Properties of features are asked for by their names too, which each collection's queryables tell."""
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": address()}],
        "paths": {
            path: {
                "get": {"summary": summary, "operationId": name, "parameters": _named(path, names), **_answers(media)}
            }
            for path, (name, summary, media, names) in _paths().items()
        },
        "components": {"parameters": _parameters(list(systems)), "responses": {"Problem": _problem()}},
    }


def _paths() -> dict[str, tuple[str, str, str, tuple[str, ...]]]:
    collection = "/collections/{collectionId}"
    tiles = f"{collection}/tiles/{MATRIX_SET}"
    of_items = ("limit", "after", "before", "bbox", "bbox-crs", "datetime", "crs")
    filters = ("filter", "filter-lang", "filter-crs", "properties")
    return {
        "/": ("landing", _("はじめのページ"), JSON, ()),
        "/api": ("api", _("説明(OpenAPI)"), OPENAPI, ()),
        "/conformance": ("conformance", _("対応している規格"), JSON, ()),
        "/collections": ("collections", _("地図の層の一覧"), JSON, ()),
        collection: ("collection", _("1つの層"), JSON, ()),
        f"{collection}/queryables": ("queryables", _("さがすときに使える項目"), SCHEMA, ()),
        f"{collection}/items": ("items", _("層の地物"), GEOJSON, (*of_items, *filters)),
        f"{collection}/items/{{featureId}}": ("item", _("1つの地物"), GEOJSON, ("crs",)),
        f"{collection}/style": ("style", _("層の色と線(MapLibre)"), STYLE, ()),
        f"{collection}/tiles": ("tileSets", _("層のタイル"), JSON, ()),
        tiles: ("tileSet", _("層のタイル"), JSON, ()),
        f"{tiles}/tilejson": ("tileJson", _("層のタイル"), TILEJSON, ()),
        f"{tiles}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": ("tile", _("層のタイル"), MVT, ()),
        "/tileMatrixSets": ("tileMatrixSets", _("タイルの分け方"), JSON, ()),
        f"/tileMatrixSets/{MATRIX_SET}": ("tileMatrixSet", _("タイルの分け方"), JSON, ()),
    }


def _named(path: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    of_path = [
        name for name in ("collectionId", "featureId", "tileMatrix", "tileRow", "tileCol") if f"{{{name}}}" in path
    ]
    return [{"$ref": f"#/components/parameters/{name}"} for name in (*of_path, "f", *names)]


def _answers(media: str) -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string" if kind == HTML else "object"}} for kind in (media, HTML)}
    problem = {"$ref": "#/components/responses/Problem"}
    return {"responses": {"200": {"description": "OK", "content": content}, "400": problem, "404": problem}}


def _problem() -> dict[str, Any]:
    schema = {"type": "object", "properties": {"title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}}
    return {"description": "RFC 9457", "content": {"application/problem+json": {"schema": schema}}}


def _parameters(uris: list[str]) -> dict[str, Any]:
    system = {"type": "string", "enum": uris, "default": uris[0]}
    whole = {"type": "integer", "minimum": 1}
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    schemas: dict[str, dict[str, Any]] = {
        "f": {"type": "string", "enum": ["json", "html"]},
        "limit": whole | {"maximum": MOST, "default": USUAL},
        "after": whole,
        "before": whole,
        "bbox": numbers,
        "bbox-crs": system,
        "datetime": _TEXT,
        "crs": system,
        "filter": _TEXT,
        "filter-lang": {"type": "string", "enum": [CQL2_TEXT], "default": CQL2_TEXT},
        "filter-crs": system,
    }
    query = {"in": "query", "required": False, "style": "form", "explode": False}
    named: dict[str, Any] = {name: {"name": name, **query, "schema": schema} for name, schema in schemas.items()}
    free = {"type": "object", "additionalProperties": _TEXT}
    named["properties"] = {"name": "properties", "in": "query", "style": "form", "explode": True, "schema": free}
    numbered = ("featureId", "tileMatrix", "tileRow", "tileCol")
    for name, schema in (("collectionId", _TEXT), *((name, {"type": "integer"}) for name in numbered)):
        named[name] = {"name": name, "in": "path", "required": True, "schema": schema}
    return named
