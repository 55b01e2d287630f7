"""Names in lines of bank statements are erased when their time is over."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("bank_statement_line", "description", nullable=True)
    op.create_index(
        "ix_bank_statement_line_named",
        "bank_statement_line",
        ["day"],
        postgresql_where=sa.text("description IS NOT NULL"),
    )
