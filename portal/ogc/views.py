"""The addresses of OGC API Features and Tiles, by the door for everybody and by the one for staff."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from geo.feature_source import EncodedFeature, count_features, feature, feature_page
from geo.reference_systems import CRS84, systems
from portal.core.access import PUBLIC, STAFF_OR_PROGRAM, Entry, allow, current_staff, identify_programs_with
from portal.core.errors import DomainError, NotFound
from portal.core.events import Actor, Subject, View, record_views
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.maps import MapLayer, base_map_options, map_of
from portal.ogc import collections as seen
from portal.ogc import documents, openapi, tile_documents, tile_views
from portal.ogc.arguments import Systems, items_query, known_only, system_of
from portal.ogc.collections import CaseCollection, Collection
from portal.ogc.responses import document, http_problem, page, problem, tagged, wants_html
from portal.programs import identify

_ZOOM = 14
_ONE_LOOK = timedelta(minutes=30)


def landing() -> Response:
    """Where everything begins."""
    known_only(request.args)
    if wants_html():
        return _page("overview", collections=seen.collections())
    tilings = documents.link(tile_documents.TILING_SCHEMES, documents.address("/tileMatrixSets"), documents.JSON)
    return document(documents.landing(_title(), _lead(), tilings))


def api() -> Response:
    """The description in OpenAPI."""
    known_only(request.args)
    described = openapi.description(_title(), _systems())
    if wants_html():
        return _page("api", described=described)
    return document(described, documents.OPENAPI)


def conformance() -> Response:
    """Which parts of the standards are kept."""
    known_only(request.args)
    if wants_html():
        return _page("conformance", classes=documents.CONFORMS_TO)
    return document(documents.conformance())


def collections() -> Response:
    """Every collection that the reader may see."""
    known_only(request.args)
    if wants_html():
        return _page("overview", collections=seen.collections())
    return document(documents.collection_list(seen.collections(), _systems()))


def collection(key: str) -> Response:
    """One collection."""
    known_only(request.args)
    each = seen.collection(key)
    if wants_html():
        return _page("collection", collection=each, **_map(each))
    return document(documents.collection_document(each, _systems(), tile_documents.links_of(each)))


def queryables(key: str) -> Response:
    """By which properties the features of a collection can be asked for."""
    known_only(request.args)
    each = seen.collection(key)
    if wants_html():
        return _page("collection", collection=each, **_map(each))
    return document(documents.queryables(each), documents.SCHEMA)


def items(key: str) -> Response:
    """A page of the features of a collection that fulfil what the address says."""
    each = seen.collection(key)
    query = items_query(request.args, each.source, _systems())

    def read_page() -> tuple[Any, int]:
        page_of = feature_page(db(), each.source, query.conditions, query.window, query.system)
        _record_look(each, len(page_of.features))
        return page_of, count_features(db(), each.source, query.conditions) if query.conditions else each.size

    if wants_html():
        page_of, matched = read_page()
        rows = [(row.id, _in_words(each, row)) for row in page_of.features]
        return _page(
            "items",
            collection=each,
            asked=bool(query.conditions),
            labels=each.labels(),
            rows=rows,
            matched=matched,
            turns=documents.turns(page_of),
        )

    def text() -> str:
        page_of, matched = read_page()
        links = documents.here(documents.GEOJSON)
        links += [documents.link(rel, href, documents.GEOJSON) for rel, href in documents.turns(page_of).items()]
        features = ",".join(map(documents.feature_text, page_of.features))
        return (
            f'{{"type":"FeatureCollection","numberMatched":{matched},"numberReturned":{len(page_of.features)},'
            f'"links":{json.dumps(links, ensure_ascii=False)},"features":[{features}]}}'
        )

    return _geojson(each, query.system.uri, text)


def item(key: str, number: int) -> Response:
    """One feature of a collection."""
    known_only(request.args, "crs")
    each = seen.collection(key)
    system = system_of(request.args, "crs", _systems())
    html = wants_html()
    single = feature(db(), each.source, number, _systems()[CRS84] if html else system)
    if single is None:
        raise NotFound(_("番号 {number} の地物は、この層にありません。", number=number))
    _record_look(each, 1)
    if html:
        shape, values = json.loads(single.geometry), _in_words(each, single)
        base = base_map_options(current_city(), zoom=_ZOOM)
        return _page(
            "item", collection=each, number=number, geometry=shape, values=values, labels=each.labels(), base=base
        )
    return _geojson(each, system.uri, partial(_with_links, each, single))


def _in_words(each: Collection, single: EncodedFeature) -> dict[str, Any]:
    """The properties of a feature with the words of its codes."""
    properties: dict[str, Any] = json.loads(single.properties)
    return {name: each.words(name).get(str(value), value) for name, value in properties.items()}


def _with_links(each: Collection, single: EncodedFeature) -> str:
    whole = documents.address(f"/collections/{each.id}")
    links = [*documents.here(documents.GEOJSON), documents.link("collection", whole, documents.JSON, each.title)]
    return documents.feature_text(single, json.dumps(links, ensure_ascii=False))


def _record_look(each: Collection, rows: int) -> None:
    """Leave a trace of what somebody at the desk was shown of cases; a program's key is counted instead."""
    staff = current_staff()
    if not rows or not seen.at_desk() or staff is None or not isinstance(each, CaseCollection):
        return
    view = View(Subject("list"), "list.viewed", {"filters": f"ogc {each.id}"}, {"rows": rows})
    record_views(db(), Actor("staff", staff.id, staff.name), [view], within=_ONE_LOOK)


def _geojson(each: Collection, system: str, make: Callable[[], str]) -> Response:
    """Features in a system; their version changes with the collection, the address by which they were asked for, and the language."""
    if each.version is None:
        text = make()
        return tagged(sha256(text.encode()).hexdigest()[:32], lambda: text, documents.GEOJSON, **_crs(system))
    entity_tag = sha256(f"{each.version} {request.host} {request.full_path}".encode()).hexdigest()[:32]
    return tagged(entity_tag, make, documents.GEOJSON, **_crs(system))


def _crs(system: str) -> dict[str, str]:
    return {"Content-Crs": f"<{system}>"}


def _map(each: Collection) -> dict[str, Any]:
    """The map of a layer that has features; cases of staff are shown by the desk's own map."""
    city = current_city()
    box = None if each.clustered else each.bounds()
    known = {"base": base_map_options(city, zoom=_ZOOM), "labels": each.labels()}
    if box is None:
        return {"map": None, **known}
    layer = MapLayer(each.id, each.title, each.kind, dict(each.style), each.number, shown=True)
    return {"map": map_of(city, layer, each.map_tiles(), box), **known}


def _page(name: str, **names: Any) -> Response:
    known = {"door": seen.door(), "address": documents.address(), "at_desk": seen.at_desk(), "title": _title()}
    return page(f"ogc/{name}.html", **known, lead=_lead(), **names)


def _title() -> str:
    return _("{city}の地図のデータ", city=current_city().in_words)


def _lead() -> str:
    return _(
        "市の地図の層を、地図のソフトやプログラムから、そのまま読めます。国際的な規格の OGC API に合わせています。"
    )


def _systems() -> Systems:
    return systems(current_city().plane_srid)


_ADDRESSES: dict[str, Callable[..., Response]] = {
    "": landing,
    "/api": api,
    "/conformance": conformance,
    "/collections": collections,
    "/collections/<key>": collection,
    "/collections/<key>/queryables": queryables,
    "/collections/<key>/items": items,
    "/collections/<key>/items/<int:number>": item,
    **tile_views.ADDRESSES,
}


def _door(name: str, path: str, entry: Entry) -> Blueprint:
    """The views below a path for those who may enter there."""
    blueprint = Blueprint(name, __name__, url_prefix=path)
    for address, view in _ADDRESSES.items():
        blueprint.add_url_rule(address, view.__name__, allow(entry)(wraps(view)(partial(view))))
    blueprint.register_error_handler(DomainError, problem)
    blueprint.register_error_handler(HTTPException, http_problem)
    return blueprint


def _for_other_sites(response: Response) -> Response:
    """Let pages of other sites read what everybody may see; a sign-in is not sent along (Fetch, CORS)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    identify_programs_with(identify)
    public = _door("ogc", "/ogc", PUBLIC)
    public.after_request(_for_other_sites)
    app.register_blueprint(public)
    app.register_blueprint(_door("desk_ogc", "/desk/ogc", STAFF_OR_PROGRAM))
