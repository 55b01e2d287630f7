"""The tables of map layers, their features, their versions, and what waits to become a version (see `geo.versions`).

No table carries a schema name: the search path of the transaction decides which city is meant.
"""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

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
    # The number of the newest version of the features, 0 before the first; tiles of the layer carry it as their ETag.
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("source", Text, nullable=False, server_default=text("''")),
    Column("is_demo", Boolean, nullable=False, server_default=text("false")),
    Column("description", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # Keys of groups of people; what groups there are is the caller's business.
    Column("owner", Text),
    Column("viewers", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("editors", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("licence", Text, nullable=False, server_default=text("''")),
    Column("attribution", Text, nullable=False, server_default=text("''")),
    Column("review_on", Date),
    # The property by which a feature of a new file is known to be one that the layer has already.
    Column("key_property", Text),
    Column("in_use", Boolean, nullable=False, server_default=text("true")),
    # How far its edges may be off, in metres; what lies nearer to one is answered with that reservation. None: the city's own measure.
    Column("tolerance_m", Double),
    # The property that holds the address of a feature; with it, lists of neighbours are made of the layer.
    Column("address_property", Text),
    # What it is used for on the map for everybody, in the caller's words.
    Column("public_use", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # Properties of its features that are told to groups alone, and never to everybody.
    Column("hidden_columns", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    CheckConstraint("kind IN ('polygon', 'line', 'point')", name="kind"),
    CheckConstraint("tolerance_m BETWEEN 0 AND 1000", name="tolerance_m"),
    CheckConstraint("visible_to IN ('public', 'staff', 'groups')", name="visible_to"),
)

# What the city has decided for all of its layers; one row at most.
layer_setting = Table(
    "layer_setting",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, server_default=text("1")),
    Column("tolerance_m", Double, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("tolerance_m BETWEEN 0 AND 1000", name="tolerance_m"),
)

# What is told of each version. Rows are never changed.
layer_version = Table(
    "layer_version",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("layer_id", BigInteger, ForeignKey("layer.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("author", BigInteger),  # the caller's id of a person; none for what was loaded at a terminal
    Column("origin", Text, nullable=False),
    Column("restored", BigInteger),  # the number of the version whose features it has again
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("file_name", Text, nullable=False, server_default=text("''")),
    Column("data_date", Date),
    Column("features", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("removed", BigInteger, nullable=False),
    # name → string | number | boolean | mixed; JSON as it was written, which keeps the order of the columns
    Column("columns", JSON, nullable=False, server_default=text("'{}'::json")),
    UniqueConstraint("layer_id", "number"),
    CheckConstraint("origin IN ('import', 'edit', 'restore')", name="origin"),
)

# Features are stored whole. Cutting large polygons with ST_Subdivide was measured to save 0.05 ms a look-up at the
# median, and would make overlaps, exports and labels put the pieces together again.
layer_feature = Table(
    "layer_feature",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("layer_id", BigInteger, ForeignKey("layer.id", ondelete="CASCADE"), nullable=False),
    Column("since", BigInteger, nullable=False, server_default=text("1")),  # the version that brought it as it is
    Column("properties", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    Index("ix_layer_feature_layer_id_id", "layer_id", "id"),  # exports page through a layer in this order
    Index("ix_layer_feature_geom", "geom", postgresql_using="gist"),
    Index(
        "ix_layer_feature_address_key",  # house numbers are looked up by what geo.address_points writes
        text("(properties ->> 'address_key')"),
        postgresql_where=text("properties ? 'address_key'"),
    ),
)

# Features as they were from the version `since` until the one, `until`, that changed or removed them. Apart from those of the
# present, so that tiles and questions about a place read as little as if there were no past.
layer_past_feature = Table(
    "layer_past_feature",
    metadata,
    Column("id", BigInteger, nullable=False),
    Column("layer_id", BigInteger, ForeignKey("layer.id"), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("properties", JSONB, nullable=False),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    PrimaryKeyConstraint("id", "since"),
    Index("ix_layer_past_feature_layer_id_until", "layer_id", "until"),
)

# Features that wait to become a version: read from a file, or taken from an earlier version.
layer_intake = Table(
    "layer_intake",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("columns", JSON, nullable=False, server_default=text("'{}'::json")),  # as in layer_version
)

layer_intake_feature = Table(
    "layer_intake_feature",
    metadata,
    # COPY brings features that a confined process read, and cannot say for which intake they are: the transaction does.
    Column(
        "intake_id",
        BigInteger,
        ForeignKey("layer_intake.id", ondelete="CASCADE"),
        nullable=False,
        server_default=text("(current_setting('geo.intake'::text))::bigint"),
    ),
    Column("n", BigInteger, nullable=False),  # its row in the file
    Column("key", Text),
    Column("properties", JSONB, nullable=False),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    Column("feature_id", BigInteger),  # the feature of the layer that it is, or was
    Column("same", Boolean, nullable=False, server_default=text("false")),  # nothing of that feature changes
    PrimaryKeyConstraint("intake_id", "n"),
)

# What somebody is changing in a layer, until it is published as a version or discarded.
layer_draft = Table(
    "layer_draft",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("layer_id", BigInteger, ForeignKey("layer.id"), nullable=False),
    Column("author", BigInteger, nullable=False),  # the caller's id of a person
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("begun_with", BigInteger, nullable=False),  # the number of the newest version then
    # Steps in effect: those beyond it were undone, and can be done again until another step takes their place.
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("columns", JSON, nullable=False, server_default=text("'{}'::json")),  # those added, as in layer_version
    UniqueConstraint("layer_id", "author"),
)

layer_draft_step = Table(
    "layer_draft_step",
    metadata,
    Column("draft_id", BigInteger, ForeignKey("layer_draft.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("token", Text, nullable=False),  # the caller's own; what is sent twice is one step
    Column("act", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("draft_id", "n"),
    UniqueConstraint("draft_id", "token"),
)

# Each feature of a step as it is after it. Without a shape it is removed.
layer_draft_feature = Table(
    "layer_draft_feature",
    metadata,
    Column("draft_id", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("feature_id", BigInteger, nullable=False),
    # The version that brought the feature as its editor had it before them; none where the layer had no such feature.
    Column("since", BigInteger),
    Column("properties", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False)),
    PrimaryKeyConstraint("draft_id", "n", "feature_id"),
    ForeignKeyConstraint(
        ["draft_id", "n"],
        ["layer_draft_step.draft_id", "layer_draft_step.n"],
        name="fk_layer_draft_feature_step",
        ondelete="CASCADE",
    ),
)
