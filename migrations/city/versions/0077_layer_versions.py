"""Map layers have a catalogue entry and versions that never change; features of the past are kept apart from those of the present."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

EMPTY = sa.text("'{}'::text[]")
NOTHING = sa.text("''")


def upgrade() -> None:
    for column in (
        sa.Column("description", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("viewers", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("editors", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("licence", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("attribution", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("key_property", sa.Text(), nullable=True),
        sa.Column("in_use", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    ):
        op.add_column("layer", column)
    op.drop_constraint("ck_layer_visible_to", "layer", type_="check")
    op.create_check_constraint("ck_layer_visible_to", "layer", "visible_to IN ('public', 'staff', 'groups')")
    op.add_column("layer_feature", sa.Column("since", sa.BigInteger(), server_default=sa.text("1"), nullable=False))
    op.execute(
        "UPDATE layer_feature SET since = layer.version FROM layer WHERE layer.id = layer_id AND layer.version <> 1"
    )
    versions()
    past()
    intake()
    # A place of a case says by which versions it was judged. Of places from before nobody knows.
    judged = sa.Column("layer_versions", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)
    op.add_column("case_place", judged)


def versions() -> None:
    op.create_table(
        "layer_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("restored", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("file_name", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("data_date", sa.Date(), nullable=True),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("columns", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.CheckConstraint("origin IN ('import', 'edit', 'restore')", name="ck_layer_version_origin"),
        sa.ForeignKeyConstraint(["layer_id"], ["layer.id"], name="fk_layer_version_layer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_layer_version"),
        sa.UniqueConstraint("layer_id", "number", name="uq_layer_version_layer_id"),
    )
    # What a layer holds today is the first version that is kept of it.
    op.execute(
        """
        INSERT INTO layer_version (layer_id, number, origin, features, added, changed, removed, columns)
        SELECT layer.id, layer.version, 'import', counted.n, counted.n, 0, 0, coalesce(kinds.columns, '{}')
        FROM layer
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM layer_feature WHERE layer_id = layer.id) AS counted
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(name, CASE WHEN cardinality(types) = 1 THEN types[1] ELSE 'mixed' END) AS columns
            FROM (
                SELECT name, array_agg(DISTINCT jsonb_typeof(value)) AS types
                FROM layer_feature, jsonb_each(properties) AS property(name, value)
                WHERE layer_id = layer.id AND value <> 'null'
                GROUP BY name
            ) AS by_name
        ) AS kinds
        """
    )


def past() -> None:
    op.create_table(
        "layer_past_feature",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("properties", JSONB(), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["layer_id"], ["layer.id"], name="fk_layer_past_feature_layer_id"),
        sa.PrimaryKeyConstraint("id", "since", name="pk_layer_past_feature"),
    )
    op.create_index("ix_layer_past_feature_layer_id_until", "layer_past_feature", ["layer_id", "until"])


def intake() -> None:
    op.create_table(
        "layer_intake",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_layer_intake"),
    )
    op.create_table(
        "layer_intake_feature",
        sa.Column("intake_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("properties", JSONB(), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column("feature_id", sa.BigInteger(), nullable=True),
        sa.Column("same", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["layer_intake.id"], name="fk_layer_intake_feature_intake_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", "n", name="pk_layer_intake_feature"),
    )
