"""Dossiers of locations: what touched a place, frozen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "location_dossier",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_location_dossier_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_location_dossier_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_location_dossier"),
    )
    op.create_index("ix_location_dossier_case_id", "location_dossier", ["case_id"])
