"""The desk's list of one department, newest first, along an index that has its order: a quiet department read the whole table."""

from alembic import op
from sqlalchemy import text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_case_file_department_newest",
        "case_file",
        ["department_id", text("submitted_at DESC"), text("id DESC")],
    )
