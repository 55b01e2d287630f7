"""Everything that the layers of a city have at a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Select, Text, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from common.geometry import GeoJson
from geo.place_query import measurable_geojson, place_cte


@dataclass(frozen=True, slots=True)
class LayerAt:
    """A layer with features at a place: its version, who sees it (as in `geo.layers.LayerRow`), and how many features there are.

    `features` are at most those that were asked for: `id`, `since` (the version that brought it), `properties`, and how much of it lies in
    the place, `area_m2` and `length_m`.
    """

    key: str
    title: Mapping[str, str]
    version: int
    visible_to: str
    owner: str | None
    viewers: Sequence[str]
    editors: Sequence[str]
    number: int
    features: Sequence[Mapping[str, Any]]


def layers_at(connection: Connection | Session, geometry: GeoJson, *, srid: int, most: int) -> list[LayerAt]:
    """The layers in use with features that touch a place, in the order of maps. Raises PlaceError. One statement."""
    values = {"geometry": measurable_geojson(geometry), "srid": srid, "most": most}
    return [LayerAt(**row) for row in connection.execute(_statement(), values).mappings()]


@cache
def _statement() -> Select[Any]:
    sql = files("geo").joinpath("sql", "features_at.sql").read_text(encoding="utf-8")
    at_place = (
        text(sql)
        .bindparams(*(bindparam(name, type_=Integer) for name in ("srid", "most")))
        .columns(
            key=Text(),
            title=JSONB(),
            version=BigInteger(),
            visible_to=Text(),
            owner=Text(),
            viewers=ARRAY(Text),
            editors=ARRAY(Text),
            number=BigInteger(),
            features=JSONB(),
        )
        .subquery("at_place")
    )
    return select(at_place).add_cte(place_cte())
