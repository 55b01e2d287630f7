"""Stalls of markets, a source for the tests of maps, and shapes for them."""

import json
from datetime import date
from functools import partial
from typing import Any

from geoalchemy2 import Geometry
from pyproj import Transformer
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Computed,
    Connection,
    Date,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    func,
    insert,
    or_,
)

from geo import Clustering, OccupancySource, OverlapQuery, Source, Subset, adjust_place, query_place

SRID = 6677
_TO_PLANE = Transformer.from_crs(4326, 6677, always_xy=True)
_TO_LONLAT = Transformer.from_crs(6677, 4326, always_xy=True)
CROSSING = (139.4160, 35.7002)  # the main crossing of the demo, 曙町二丁目

metadata = MetaData()
stall = Table(
    "stall",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("market", Integer, nullable=False),
    Column("goods", Text, nullable=False, server_default="food"),
    Column("phase", Text, nullable=False, server_default="planned"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    Column("cell", BigInteger, Computed("map_cell(geom)", persisted=True)),
    Index("ix_stall_geom", "geom", postgresql_using="gist"),
    Index("ix_stall_cell", "cell", postgresql_include=["market", "goods", "phase", "starts_on"]),
)


def _matches(query: Any) -> ColumnElement[bool]:
    another = or_(query.except_market.is_(None), stall.c.market != query.except_market)
    return and_(stall.c.goods == query.goods, stall.c.phase == query.phases.any_(), another)


OCCUPANCY = OccupancySource(
    features=Source(stall, stall.c.id, stall.c.geom, {"market": stall.c.market}),
    starts_on=stall.c.starts_on,
    ends_on=stall.c.ends_on,
    parameters={"goods": Text(), "phases": ARRAY(Text), "except_market": BigInteger()},
    matches=_matches,
)
CLUSTERING = Clustering(
    cell=stall.c.cell,
    category=stall.c.phase,
    categories=("planned", "open", "over"),
    single=("market", stall.c.market),
    subsets={"soon": Subset(stall.c.starts_on < date(2026, 12, 1), ("planned",))},
)

query_place = partial(query_place, srid=SRID, occupancy=OCCUPANCY)
adjust_place = partial(adjust_place, srid=SRID, occupancy=OCCUPANCY)


def source(*where: ColumnElement[bool]) -> Source:
    """The stalls for which the conditions hold."""
    return Source(stall, stall.c.id, stall.c.geom, {"market": stall.c.market, "phase": stall.c.phase}, where)


def overlap_query(
    starts_on: date | None = None, ends_on: date | None = None, *, limit: int = 20, **parameters: Any
) -> OverlapQuery:
    """A query for open stalls that sell food."""
    return OverlapQuery(starts_on, ends_on, {"goods": "food", "phases": ["open"]} | parameters, limit)


def rectangle(
    east: float, north: float, width: float, depth: float, origin: tuple[float, float] = CROSSING
) -> dict[str, Any]:
    """A rectangle in metres from the origin, along the axes of the plane system."""
    x, y = _TO_PLANE.transform(*origin)
    corners = ((0, 0), (width, 0), (width, depth), (0, depth), (0, 0))
    return {
        "type": "Polygon",
        "coordinates": [[list(_TO_LONLAT.transform(x + east + dx, y + north + dy)) for dx, dy in corners]],
    }


def point(lon: float = CROSSING[0], lat: float = CROSSING[1]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def add_stall(connection: Connection, market: int, geometry: dict[str, Any], **values: object) -> int:
    """A stall; a value that is not given keeps the default of the table."""
    geom = func.ST_SetSRID(func.ST_GeomFromGeoJSON(json.dumps(geometry)), 4326)
    statement = insert(stall).values(market=market, geom=geom, **values).returning(stall.c.id)
    return int(connection.execute(statement).scalar_one())
