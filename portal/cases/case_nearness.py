"""Cases near something: a spot, the places of a case, or a feature of a map layer. The ground is worked out first and is a value of the
filter then, so that the planner knows how many places lie on it.
"""

from dataclasses import dataclass
from typing import Any

from geoalchemy2 import Geometry
from shapely import wkt
from shapely.geometry import mapping
from sqlalchemy import ColumnElement, Text, bindparam, func, literal, literal_column, select
from sqlalchemy.orm import Session, aliased

from geo.layer_features import feature_shape
from portal.cases.models import CasePlace

_SMOOTH: ColumnElement[str] = literal_column(
    "'quad_segs=32'"
)  # a circle of 128 sides, at most 0.03 % of its radius inside the true one
_NOWHERE: ColumnElement[Any] = literal_column("'SRID=4326;GEOMETRYCOLLECTION EMPTY'::geometry")
_SHOWN_TO = 0.00002  # degrees, some two metres

Ground = str
"""The ground on which a place must lie, as WKT in WGS 84."""


@dataclass(frozen=True, slots=True)
class Near:
    """Within so many metres of exactly one object; with 0 metres, what touches the feature.

    `plane` is the SRID of the plane in which metres are measured. `spot` is longitude and latitude, `feature` the key of a layer and
    the id of its feature.
    """

    metres: int
    plane: int
    spot: tuple[float, float] | None = None
    case_id: int | None = None
    feature: tuple[str, int] | None = None


def ground_near(session: Session, near: Near) -> Ground:
    """Work out the ground; it is empty where the object does not exist any more."""
    shape: Any
    if near.feature is not None:
        layer, feature_id = near.feature
        shape = feature_shape(literal(layer), literal(feature_id))
    elif near.case_id is not None:
        own = aliased(CasePlace)
        shape = select(func.ST_Collect(own.geom)).where(own.case_id == near.case_id).scalar_subquery()
    else:
        shape = func.ST_SetSRID(func.ST_MakePoint(*(near.spot or ())), 4326)
    if near.metres:
        around = func.ST_Buffer(func.ST_Transform(shape, near.plane), near.metres, _SMOOTH)
        shape = func.ST_Transform(around, 4326)
    ground: str = session.scalars(select(func.ST_AsText(func.coalesce(shape, _NOWHERE)))).one()
    return ground


def near_conditions(ground: Ground | None) -> list[ColumnElement[bool]]:
    """The ground as conditions on `CasePlace`. Plan: the index of places is looked up with it."""
    if ground is None:
        return []
    shape = func.ST_GeomFromText(bindparam("near", ground, Text), literal_column("4326"), type_=Geometry)
    return [CasePlace.geom.ST_Intersects(shape)]


def ground_shown(ground: Ground) -> dict[str, Any]:
    """The ground as GeoJSON for a map, simplified to some two metres."""
    return dict(mapping(wkt.loads(ground).simplify(_SHOWN_TO)))
