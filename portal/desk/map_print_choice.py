"""What a printed map begins with: the view of the staff map, a layer, a case, or a dossier."""

from typing import Any
from urllib.parse import parse_qsl

from shapely.geometry import shape
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.layer_features import bounds_of
from geo.paper import PAPERS, Sheet, largest_scale
from portal.cases import queries, sight_of
from portal.cases.dossiers import dossier_of
from portal.cases.queries import places_of
from portal.core.access import StaffIdentity
from portal.core.errors import Forbidden, NotFound
from portal.core.tenancy import City
from portal.core.text import _, pick
from portal.desk.layer_doors import seen
from portal.desk.listing import listing
from portal.desk.map_print_form import MAX_LAYERS, BeginForm, read_view, scale_of_zoom
from portal.desk.map_state import read_layers

Bounds = tuple[float, float, float, float]
_USUAL: dict[str, Any] = {"paper": "A4", "lying": "landscape", "base": "schematic", "more": [], "layers": []}
_CLOSEST, _CLOSEST_TO_A_POINT = 500, 2500
_MOST_PAIRS = 200


def choice_of(session: Session, city: City, staff: StaffIdentity, form: BeginForm) -> dict[str, Any]:
    """The choice from what the button posted. Raises NotFound and Forbidden for what this person may not see."""
    if form.layer.data:
        return _of_layer(session, city, form.layer.data)
    if form.dossier.data:
        return _of_dossier(session, city, staff, _number(form.dossier.data))
    if form.case.data:
        return _of_case(session, city, staff, _number(form.case.data))
    return _of_map(city, staff, form)


def _of_map(city: City, staff: StaffIdentity, form: BeginForm) -> dict[str, Any]:
    lon, lat = city.center
    lat, lon, zoom = read_view(form.view.data) or (lat, lon, 14.0)
    layers = read_layers(form.layers.data, MAX_LAYERS)
    choice = _USUAL | {"title": _("{city}の地図", city=city.name), "layers": list(layers), "opacities": layers}
    choice |= _ground(city, (lon, lat, lon, lat), scale_of_zoom(zoom, lat))
    choice["base"] = "none" if form.base.data == "none" else "schematic"
    if staff.departments("case.read_place"):
        # read once, so that nothing but the filter of the desk is kept
        arguments = MultiDict(_pairs(form.filter.data))
        choice |= {"filter": listing(arguments, staff).query, "title": _("案件の地図"), "more": ["cases", "tables"]}
    return choice


def _of_layer(session: Session, city: City, key: str) -> dict[str, Any]:
    entry = seen(key)
    bounds = bounds_of(session, key)
    if bounds is None:
        raise NotFound
    return _USUAL | {"title": pick(entry.title, "ja")[:60], "layers": [key]} | _ground(city, bounds)


def _of_case(session: Session, city: City, staff: StaffIdentity, case_id: int) -> dict[str, Any]:
    case = queries.case_for_staff(session, case_id, staff)
    places = places_of(session, case.id) if sight_of(staff, case).place else []
    if not places:
        raise NotFound
    bounds = _bounds([place.geometry for place in places])
    title = _("案件 {number}の場所", number=case.number)
    return _USUAL | {"title": title, "case": case.id, "more": ["cases", "tables"]} | _ground(city, bounds)


def _of_dossier(session: Session, city: City, staff: StaffIdentity, number: int) -> dict[str, Any]:
    if not staff.may("case.read_place"):
        raise Forbidden
    row = dossier_of(session, number)
    if row.case_id is not None and not sight_of(staff, queries.case_for_staff(session, row.case_id, staff)).place:
        raise NotFound
    bounds = _bounds([row.content["geometry"]])
    title = _("{title}の調書", title=row.title)[:60]
    choice: dict[str, Any] = _USUAL | {"title": title, "dossier": row.id, "more": ["cases", "tables"]}
    return choice | _ground(city, bounds)


def _bounds(geometries: list[Any]) -> Bounds:
    wests, souths, easts, norths = zip(*(shape(geometry).bounds for geometry in geometries), strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _ground(city: City, bounds: Bounds, scale: int | None = None) -> dict[str, Any]:
    """The middle of bounds, at a scale at which they fit the usual paper."""
    west, south, east, north = bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    if scale is None:
        sheet = Sheet(_CLOSEST, (lon, lat), city.plane, next(iter(PAPERS)), True)
        scale = _CLOSEST_TO_A_POINT if (west, south) == (east, north) else largest_scale(sheet, bounds)
    return {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}", "scale": str(scale)}


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query) if query.count("&") < _MOST_PAIRS else []


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise NotFound
    return int(text)
