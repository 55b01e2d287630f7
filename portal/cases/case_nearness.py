"""Cases near something: a spot, the places of a case, or a feature of a map layer, as conditions on `CasePlace`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session, aliased

from geo.layer_features import feature_shape
from portal.cases.models import CasePlace

_SMOOTH: ColumnElement[str] = literal_column(
    "'quad_segs=32'"
)  # a circle of 128 sides, at most 0.03 % of its radius inside the true one


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

    def parameters(self) -> dict[str, object]:
        """The value of every bind parameter of `near_conditions`."""
        lon, lat = self.spot or (None, None)
        layer, feature_id = self.feature or (None, None)
        return {
            "near_metres": self.metres,
            "near_plane": self.plane,
            "near_lon": lon,
            "near_lat": lat,
            "near_case": self.case_id,
            "near_layer": layer,
            "near_feature": feature_id,
        }

    def shape(self) -> "Near":
        """The same without its values: the key under which statements are cached."""
        return Near(
            metres=min(self.metres, 1),
            plane=0,
            spot=self.spot and (0.0, 0.0),
            case_id=None if self.case_id is None else 0,
            feature=self.feature and ("", 0),
        )


def near_conditions(near: Near | None) -> list[ColumnElement[bool]]:
    """What is near as conditions on `CasePlace`. Plan: the ground is worked out once, and the index of places looked up with it."""
    return [] if near is None else [CasePlace.geom.ST_Intersects(ground_of(near))]


def ground_of(near: Near) -> Any:
    """The ground on which a place must lie, as a subquery that is evaluated once; NULL where it does not exist."""
    values = near.parameters()

    def bound(name: str, kind: Any) -> Any:
        return bindparam(name, values[name], kind)

    if near.feature is not None:
        shape = feature_shape(bound("near_layer", Text), bound("near_feature", BigInteger))
    elif near.case_id is not None:
        own = aliased(CasePlace)
        shape = select(func.ST_Collect(own.geom)).where(own.case_id == bound("near_case", BigInteger)).scalar_subquery()
    else:
        spot = func.ST_MakePoint(bound("near_lon", Float), bound("near_lat", Float))
        shape = func.ST_SetSRID(spot, literal_column("4326"))
    if not near.metres:
        return shape
    measured = func.ST_Transform(shape, bound("near_plane", Integer))
    around = func.ST_Buffer(measured, bound("near_metres", Integer), _SMOOTH)
    return select(func.ST_Transform(around, literal_column("4326"))).scalar_subquery()


def ground_shown(session: Session, near: Near) -> dict[str, Any] | None:
    """The ground as GeoJSON for a map, simplified to some two metres; None where it does not exist."""
    outline = func.ST_SimplifyPreserveTopology(ground_of(near), 0.00002)
    shown: dict[str, Any] | None = session.scalar(select(cast(func.ST_AsGeoJSON(outline, 6), JSON)))
    return shown
