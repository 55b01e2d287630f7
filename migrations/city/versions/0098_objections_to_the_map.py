"""What applicants say against the map."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "map_objection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("finding", postgresql.JSONB(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("layer_version", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("outcome IN ('edited', 'kept')", name="ck_map_objection_outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="ck_map_objection_answered"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_map_objection_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name="fk_map_objection_answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_map_objection"),
    )
    op.create_index("ix_map_objection_case_id", "map_objection", ["case_id"])
    op.create_index(
        "ix_map_objection_open", "map_objection", ["layer", "id"], postgresql_where=sa.text("outcome IS NULL")
    )
