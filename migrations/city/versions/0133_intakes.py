"""Applications that staff write for somebody."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("taken_by", sa.BigInteger(), nullable=True))
    op.add_column("draft", sa.Column("taken_in", postgresql.JSONB(), nullable=True))
    op.add_column("case_file", sa.Column("taken_in", postgresql.JSONB(), nullable=True))
    op.create_foreign_key(op.f("fk_draft_taken_by_staff"), "draft", "staff", ["taken_by"], ["id"])
    op.create_index("ix_draft_taken_by", "draft", ["taken_by"], postgresql_where=sa.text("taken_by IS NOT NULL"))


def downgrade() -> None:
    op.drop_column("case_file", "taken_in")
    op.drop_index("ix_draft_taken_by", "draft")
    op.drop_column("draft", "taken_in")
    op.drop_column("draft", "taken_by")
