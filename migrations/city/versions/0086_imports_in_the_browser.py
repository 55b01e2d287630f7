"""Files on their way into layers, with their sealed content."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'question', 'reading', 'preview', 'taken', 'canceled', 'failed')"


def upgrade() -> None:
    op.create_table(
        "layer_import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("part", sa.Text()),
        sa.Column("parts", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        *(sa.Column(name, JSONB()) for name in ("found", "plan")),
        sa.Column("progress", sa.BigInteger(), server_default="0", nullable=False),
        *(sa.Column(name, JSONB()) for name in ("result", "problem")),
        *(sa.Column(name, sa.BigInteger()) for name in ("intake_id", "seen")),
        sa.Column("change", JSONB()),
        sa.Column("version", sa.BigInteger()),
        sa.CheckConstraint(STATES, name="ck_layer_import_state"),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name="fk_layer_import_started_by"),
        sa.PrimaryKeyConstraint("id", name="pk_layer_import"),
    )
    op.create_index("ix_layer_import_layer_id", "layer_import", ["layer_id", "id"])
    op.create_table(
        "layer_import_piece",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["layer_import.id"], name="fk_layer_import_piece_import_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "n", name="pk_layer_import_piece"),
    )
