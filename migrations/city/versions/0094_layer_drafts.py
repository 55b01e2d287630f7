"""What people are changing in map layers before it becomes a version."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "layer_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_with", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("columns", sa.JSON(), server_default=sa.text("'{}'::json"), nullable=False),
        sa.ForeignKeyConstraint(["layer_id"], ["layer.id"], name="fk_layer_draft_layer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_layer_draft"),
        sa.UniqueConstraint("layer_id", "author", name="uq_layer_draft_layer_id"),
    )
    op.create_table(
        "layer_draft_step",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["layer_draft.id"], name="fk_layer_draft_step_draft_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "n", name="pk_layer_draft_step"),
        sa.UniqueConstraint("draft_id", "token", name="uq_layer_draft_step_draft_id"),
    )
    op.create_table(
        "layer_draft_feature",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("feature_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("properties", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id", "n"],
            ["layer_draft_step.draft_id", "layer_draft_step.n"],
            name="fk_layer_draft_feature_step",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "n", "feature_id", name="pk_layer_draft_feature"),
    )
