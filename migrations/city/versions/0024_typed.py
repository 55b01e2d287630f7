"""Drafts and corrections keep what was typed beside what is sound."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("typed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "correction_draft",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_correction_draft_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name="pk_correction_draft"),
    )
