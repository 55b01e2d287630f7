"""The tables of map layers and their features.

No table carries a schema name: the search path of the transaction decides which city is meant.
"""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

layer = Table(
    "layer",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("title", JSONB, nullable=False),  # {"ja": …, "en": …}
    Column("kind", Text, nullable=False),
    Column("style", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("visible_to", Text, nullable=False, server_default=text("'public'")),
    Column("sort", Integer, nullable=False, server_default=text("0")),
    # Grows by one with every change of the features; tiles of the layer carry it as their ETag.
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("source", Text, nullable=False, server_default=text("''")),
    Column("is_demo", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("kind IN ('polygon', 'line', 'point')", name="kind"),
    CheckConstraint("visible_to IN ('public', 'staff')", name="visible_to"),
)

# Features are stored whole. Cutting large polygons with ST_Subdivide was measured to save 0.05 ms a look-up at the
# median, and would make overlaps, exports and labels put the pieces together again.
layer_feature = Table(
    "layer_feature",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("layer_id", BigInteger, ForeignKey("layer.id", ondelete="CASCADE"), nullable=False),
    Column("properties", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    Index("ix_layer_feature_layer_id_id", "layer_id", "id"),  # exports page through a layer in this order
    Index("ix_layer_feature_geom", "geom", postgresql_using="gist"),
)
