"""A case knows the earlier one that it follows, or the one whose application opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("case_file", "draft"):
        op.add_column(table, sa.Column("origin_case_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(f"fk_{table}_origin_case_id", table, "case_file", ["origin_case_id"], ["id"])
    op.create_index("ix_case_file_origin_case_id", "case_file", ["origin_case_id"])
