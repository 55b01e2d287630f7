"""Import of a map layer from GeoJSON: every feature is checked, transformed to longitude and latitude, and made the layer's next version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import get_coordinates, get_dimensions, make_valid, set_coordinates, set_srid, union_all
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from common.geometry import GeometryError, parse, require_measurable
from geo.tables import layer
from geo.versions import Incoming, Provenance, compare, open_intake, take_intake

Kind = Literal["polygon", "line", "point"]
_DIMENSION: dict[Kind, int] = {"point": 0, "line": 1, "polygon": 2}
_UNREADABLE = {
    "polygon_open": "a ring of its geometry does not end where it begins.",
    "place_swapped": "it lies outside Japan: latitude comes before longitude.",
}


class LayerImportError(ValueError):
    """The file cannot become a layer. `messages` are the first 20 causes, one sentence each."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class LayerMetadata:
    """The name of a layer and how it is shown. Without a style a layer that exists keeps its own, and a new one has none."""

    key: str
    title: Mapping[str, str]
    kind: Kind
    style: Mapping[str, Any] | None = None
    visible_to: Literal["public", "staff"] = "public"
    sort: int = 0
    source: str = ""
    is_demo: bool = False


def import_layer(connection: Connection | Session, metadata: LayerMetadata, collection: Mapping[str, Any]) -> int:
    """Make the features of a collection the next version of a layer, which is created if it does not exist, and return their number.

    The collection may name its coordinate system in the old `crs` member (JGD2011 plane systems, EPSG:6668 …); without
    it, coordinates are longitude and latitude as RFC 7946 says. Rings that cross themselves are repaired. Raises
    LayerImportError, and changes nothing, if one feature cannot be imported.
    """
    features = [
        Incoming(n, None, properties, set_srid(geom, 4326))
        for n, (properties, geom) in enumerate(read_features(collection, metadata.kind), start=1)
    ]
    seen = _save_layer(connection, metadata)
    intake_id = open_intake(connection, features)
    compare(connection, intake_id, metadata.key, None)
    return take_intake(connection, intake_id, metadata.key, Provenance(), expected_version=seen).features


def read_features(collection: Mapping[str, Any], kind: Kind) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    """The properties and the valid two-dimensional geometry, in longitude and latitude, of each feature. Raises LayerImportError."""
    if collection.get("type") != "FeatureCollection" or not isinstance(collection.get("features"), list):
        raise LayerImportError(["The file is not a GeoJSON FeatureCollection."])
    to_lonlat = _transformer(collection.get("crs"))
    features: list[tuple[dict[str, Any], BaseGeometry]] = []
    messages: list[str] = []
    for number, feature in enumerate(collection["features"], start=1):
        try:
            features.append(_feature(feature, kind, to_lonlat))
        except ValueError as error:
            messages.append(f"Feature {number}: {error}")
    if messages:
        raise LayerImportError(messages[:20])
    if not features:
        raise LayerImportError(["The file has no features."])
    yield from features


def _feature(feature: Any, kind: Kind, to_lonlat: Transformer | None) -> tuple[dict[str, Any], BaseGeometry]:
    if not isinstance(feature, Mapping):
        raise ValueError("it is not an object.")
    try:
        geom = parse(feature.get("geometry"))
    except GeometryError as error:
        raise ValueError(_UNREADABLE.get(error.code, "it has no readable geometry.")) from error
    if geom.is_empty:
        raise ValueError("its geometry is empty.")
    if to_lonlat is not None:
        x, y = get_coordinates(geom).T
        geom = set_coordinates(geom, list(zip(*to_lonlat.transform(x, y), strict=True)))
    part = _of_dimension(make_valid(geom), _DIMENSION[kind])
    if part is None:
        raise ValueError(f"its geometry is not a {kind}.")
    try:
        require_measurable(part)
    except GeometryError as error:
        raise ValueError(
            _UNREADABLE.get(error.code, "it lies outside Japan; is the coordinate system right?")
        ) from error
    return dict(feature.get("properties") or {}), part


def _of_dimension(geom: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """The parts of a repaired geometry that have the dimension, as one; None without any."""
    parts: Iterable[BaseGeometry] = getattr(geom, "geoms", [geom])
    matching = [part for part in parts if get_dimensions(part) == dimension]
    if not matching:
        return None
    return matching[0] if len(matching) == 1 else union_all(matching)


def _transformer(crs: Any) -> Transformer | None:
    if crs is None:
        return None
    try:
        system = CRS.from_user_input(crs["properties"]["name"])
    except (KeyError, TypeError, CRSError) as error:
        raise LayerImportError(["The coordinate system of the file is unknown."]) from error
    # always_xy: EPSG lists plane systems of Japan as north, east; files hold east, north.
    return Transformer.from_crs(system, 4326, always_xy=True)


def _save_layer(connection: Connection | Session, metadata: LayerMetadata) -> int:
    """Create or describe the layer; return the number of its newest version, 0 for a new one."""
    values = {
        "title": dict(metadata.title),
        "kind": metadata.kind,
        "visible_to": metadata.visible_to,
        "sort": metadata.sort,
        "source": metadata.source,
        "is_demo": metadata.is_demo,
    }
    style = {} if metadata.style is None else {"style": dict(metadata.style)}
    statement = (
        upsert(layer)
        .values(key=metadata.key, version=0, **values, style=dict(metadata.style or {}))
        .on_conflict_do_update(index_elements=["key"], set_=values | style)
        .returning(layer.c.version)
    )
    return int(connection.execute(statement).scalar_one())
