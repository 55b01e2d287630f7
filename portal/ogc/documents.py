"""The documents of the interface as JSON (OGC API Features 1.0, parts 1 to 3)."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import request

from geo.feature_source import GEOMETRY, EncodedFeature, FeaturePage
from portal.core.text import _
from portal.ogc.arguments import Systems
from portal.ogc.collections import Collection, door

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
CONFORMS_TO = (
    *(f"{_FEATURES}1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_FEATURES}2/1.0/conf/crs",
    *(
        f"{_FEATURES}3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30")
    ),
    *(
        f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "spatial-functions",
            "property-property",
        )
    ),
)
"""The conformance classes that are kept."""

Document = dict[str, Any]


def address(path: str = "", arguments: Iterable[tuple[str, str]] = ()) -> str:
    """The whole address of a path below the reader's door."""
    query = urlencode(list(arguments))
    return f"{request.host_url.rstrip('/')}{door()}{quote(path, safe='/{}')}{'?' if query else ''}{query}"


def link(rel: str, href: str, media: str, title: str = "") -> Document:
    """A link as the standards write it (RFC 8288)."""
    return {"rel": rel, "href": href, "type": media} | ({"title": title} if title else {})


def here(media: str) -> list[Document]:
    """Links to the present document, and to the same as HTML."""
    arguments = [(name, text) for name, text in request.args.items(multi=True) if name != "f"]
    path = request.path.removeprefix(door())
    as_json, as_html = (address(path, [*arguments, ("f", kind)]) for kind in ("json", "html"))
    return [link("self", as_json, media), link("alternate", as_html, HTML)]


def landing(title: str, description: str, *more: Document) -> Document:
    """Where everything begins."""
    return {
        "title": title,
        "description": description,
        "links": [
            *here(JSON),
            link("service-desc", address("/api", [("f", "json")]), OPENAPI, _("説明(OpenAPI)")),
            link("service-doc", address("/api", [("f", "html")]), HTML, _("説明(OpenAPI)")),
            link("conformance", address("/conformance"), JSON, _("対応している規格")),
            link("data", address("/collections"), JSON, _("地図の層の一覧")),
            *more,
        ],
    }


def conformance() -> Document:
    """Which parts of the standards are kept."""
    return {"conformsTo": list(CONFORMS_TO), "links": here(JSON)}


def collection_list(collections: Iterable[Collection], systems: Systems) -> Document:
    """Every collection. Their extents are told one by one."""
    return {
        "links": here(JSON),
        "collections": [_collection(each, systems) for each in collections],
        "crs": list(systems),
    }


def collection_document(each: Collection, systems: Systems, more: list[Document]) -> Document:
    """One collection with its extent, and more links of it."""
    document = _collection(each, systems)
    extent: Document = {}
    if box := each.bounds():
        extent["spatial"] = {"bbox": [list(box)], "crs": next(iter(systems))}
    if each.as_of:
        extent["temporal"] = {"interval": [[f"{each.as_of}T00:00:00Z", None]]}
    return document | {"extent": extent, "links": [*here(JSON), *document["links"], *more]}


def _collection(each: Collection, systems: Systems) -> Document:
    path = f"/collections/{each.id}"
    document: Document = {
        "id": each.id,
        "title": each.title,
        "itemType": "feature",
        "crs": list(systems),
        "storageCrs": next(iter(systems)),
        "links": [
            link("self", address(path), JSON, each.title),
            link("items", address(f"{path}/items"), GEOJSON, each.title),
            link("items", address(f"{path}/items", [("f", "html")]), HTML, each.title),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", address(f"{path}/queryables"), SCHEMA),
        ],
    }
    if each.description:
        document["description"] = each.description
    if each.attribution:
        document["attribution"] = each.attribution
    if each.licence:
        document["license"] = each.licence
    return document


def queryables(each: Collection) -> Document:
    """By which properties features of a collection can be asked for, as a JSON schema."""
    formats = {"date": {"type": "string", "format": "date"}, "date-time": {"type": "string", "format": "date-time"}}
    labels = each.labels()
    properties: Mapping[str, Document] = {
        name: {"title": labels.get(name, name), **formats.get(known.kind, {"type": known.kind}), **_codes(each, name)}
        for name, known in each.source.queryables.items()
    }
    shape = {"title": _("形"), "x-ogc-role": "primary-geometry", "format": "geometry-any"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address(f"/collections/{each.id}/queryables"),
        "type": "object",
        "title": each.title,
        "properties": {**properties, GEOMETRY: shape},
        "additionalProperties": False,
    }


def _codes(each: Collection, name: str) -> Document:
    """The codes that a property can have, with their words."""
    words = each.words(name)
    return {"oneOf": [{"const": code, "title": word} for code, word in words.items()]} if words else {}


def turns(page: FeaturePage) -> dict[str, str]:
    """Where the next and the previous page of features are, by relation."""
    arguments = [(name, text) for name, text in request.args.items(multi=True) if name not in {"after", "before"}]
    path, links = request.path.removeprefix(door()), {}
    if page.more_after and page.features:
        links["next"] = address(path, [*arguments, ("after", str(page.features[-1].id))])
    if page.more_before and page.features:
        links["prev"] = address(path, [*arguments, ("before", str(page.features[0].id))])
    return links


def feature_text(feature: EncodedFeature, links: str = "") -> str:
    """A feature as GeoJSON; the database made the parts of it that are large."""
    end = f',"links":{links}' if links else ""
    return (
        f'{{"type":"Feature","id":{feature.id},"geometry":{feature.geometry},"properties":{feature.properties}{end}}}'
    )
