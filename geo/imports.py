"""Import of a map layer from GeoJSON: check every feature, bring it to longitude and latitude, replace the old ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import get_coordinates, make_valid, set_coordinates, union_all
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from common.geometry import GeometryFault, parse, sound
from geo.tables import layer, layer_feature

Kind = Literal["polygon", "line", "point"]
DIMENSION: dict[Kind, int] = {"point": 0, "line": 1, "polygon": 2}
BATCH = 1000
_UNREADABLE = {
    "polygon_open": "a ring of its geometry does not end where it begins.",
    "place_swapped": "it lies outside Japan: latitude stands before longitude.",
}


class ImportFault(ValueError):
    """The file cannot become a layer. `faults` has one plain sentence for each cause, the first 20 of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a layer is called and how it is shown. Without a style a layer that exists keeps its own, and a new one has none."""

    key: str
    title: Mapping[str, str]
    kind: Kind
    style: Mapping[str, Any] | None = None
    visible_to: Literal["public", "staff"] = "public"
    sort: int = 0
    source: str = ""
    is_demo: bool = False


def import_geojson(connection: Connection | Session, info: LayerInfo, collection: Mapping[str, Any]) -> int:
    """Replace the features of a layer, making the layer if need be, and return how many there are now.

    The layer's version grows, so that no browser keeps its old tiles.

    The collection may name its coordinate system in the old `crs` member (JGD2011 plane systems, EPSG:6668 …); without
    it, coordinates are longitude and latitude as RFC 7946 says. Rings that cross themselves are repaired. Nothing is
    changed if one feature is at fault: raises ImportFault.
    """
    features = list(read_features(collection, info.kind))
    layer_id = _save_layer(connection, info)
    connection.execute(delete(layer_feature).where(layer_feature.c.layer_id == layer_id))
    rows = [{"layer_id": layer_id, "properties": properties, "geom": geom.wkt} for properties, geom in features]
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(layer_feature), rows[start : start + BATCH])
    return len(rows)


def read_features(collection: Mapping[str, Any], kind: Kind) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    """Properties and valid two-dimensional geometry in longitude and latitude, for each feature. Raises ImportFault."""
    if collection.get("type") != "FeatureCollection" or not isinstance(collection.get("features"), list):
        raise ImportFault(["The file is not a GeoJSON FeatureCollection."])
    to_lonlat = _transformer(collection.get("crs"))
    found: list[tuple[dict[str, Any], BaseGeometry]] = []
    faults: list[str] = []
    for number, feature in enumerate(collection["features"], start=1):
        try:
            found.append(_feature(feature, kind, to_lonlat))
        except ValueError as fault:
            faults.append(f"Feature {number}: {fault}")
    if faults:
        raise ImportFault(faults[:20])
    if not found:
        raise ImportFault(["The file has no features."])
    yield from found


def _feature(feature: Any, kind: Kind, to_lonlat: Transformer | None) -> tuple[dict[str, Any], BaseGeometry]:
    if not isinstance(feature, Mapping):
        raise ValueError("it is not an object.")
    try:
        geom = parse(feature.get("geometry"))
    except GeometryFault as fault:
        raise ValueError(_UNREADABLE.get(fault.code, "it has no readable geometry.")) from fault
    if geom.is_empty:
        raise ValueError("its geometry is empty.")
    if to_lonlat is not None:
        x, y = get_coordinates(geom).T
        geom = set_coordinates(geom, list(zip(*to_lonlat.transform(x, y), strict=True)))
    geom = _of_dimension(make_valid(geom), DIMENSION[kind])
    if geom is None:
        raise ValueError(f"its geometry is not a {kind}.")
    try:
        sound(geom)
    except GeometryFault as fault:
        raise ValueError(
            _UNREADABLE.get(fault.code, "it lies outside Japan; is the coordinate system right?")
        ) from fault
    return dict(feature.get("properties") or {}), geom


def _of_dimension(geom: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """The geometry itself, or what the repair left of its main dimension; None if it is of another kind."""
    parts: Iterable[BaseGeometry] = getattr(geom, "geoms", [geom])
    kept = [part for part in parts if _dimension(part) == dimension]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else union_all(kept)


def _dimension(geom: BaseGeometry) -> int:
    if geom.geom_type.endswith("Polygon"):
        return 2
    return 1 if geom.geom_type.endswith(("LineString", "LinearRing")) else 0


def _transformer(crs: Any) -> Transformer | None:
    if crs is None:
        return None
    try:
        system = CRS.from_user_input(crs["properties"]["name"])
    except (KeyError, TypeError, CRSError) as error:
        raise ImportFault(["The coordinate system of the file is unknown."]) from error
    # always_xy: EPSG lists plane systems of Japan as north, east; files hold east, north.
    return Transformer.from_crs(system, 4326, always_xy=True)


def _save_layer(connection: Connection | Session, info: LayerInfo) -> int:
    values = {
        "title": dict(info.title),
        "kind": info.kind,
        "visible_to": info.visible_to,
        "sort": info.sort,
        "source": info.source,
        "is_demo": info.is_demo,
    }
    kept = {} if info.style is None else {"style": dict(info.style)}
    statement = (
        upsert(layer)
        .values(key=info.key, **values, style=dict(info.style or {}))
        .on_conflict_do_update(index_elements=["key"], set_=values | kept | {"version": layer.c.version + 1})
        .returning(layer.c.id)
    )
    return int(connection.execute(statement).scalar_one())
