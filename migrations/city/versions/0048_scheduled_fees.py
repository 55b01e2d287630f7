"""Fees over time: when the next payment of a case is to be asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("next_due_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_case_file_next_due", "case_file", ["next_due_on"], postgresql_where=sa.text("next_due_on IS NOT NULL")
    )
