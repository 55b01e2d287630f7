"""How many cases lie on a desk is counted in the index alone, department and all."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_case_file_assignee", "case_file")
    op.create_index(
        "ix_case_file_assignee",
        "case_file",
        ["assignee_id", "due_on", "id"],
        postgresql_include=["department_id"],
        postgresql_where=text("closed_at IS NULL"),
    )
