"""A case counts its changes, so that nobody decides on an old page; and keeps its answers from before each correction."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("lock_version", sa.BigInteger(), server_default="1", nullable=False))
    op.create_table(
        "case_revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("fee", postgresql.JSONB(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_revision_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_case_revision"),
        sa.UniqueConstraint("case_id", "number", name="uq_case_revision_case_id_number"),
    )
