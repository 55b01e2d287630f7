"""The two families of tables: one set for every city's schema, one shared by all. Neither names a schema: `search_path` decides."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_TYPES = {int: BigInteger, str: Text, datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB}

MAX_ID = 2**63 - 1
"""The greatest number that a row can have (bigint)."""


class CityBase(DeclarativeBase):
    """Tables that every city's schema has. They carry no city column."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = _TYPES


class SharedBase(DeclarativeBase):
    """Tables in the schema `shared`."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = _TYPES


def geometry(kind: str = "GEOMETRY") -> Geometry:
    """A stored geometry: geographic coordinates (JGD2011, taken as EPSG:4326). Indexes are declared by hand."""
    return Geometry(kind, srid=4326, spatial_index=False)
