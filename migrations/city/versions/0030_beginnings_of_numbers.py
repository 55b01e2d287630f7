"""Cases are found by the beginning of their receipt number, whatever the collation of the database."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_file_number_begin", "case_file", ["number"], postgresql_ops={"number": "text_pattern_ops"})
