"""The desk's list, newest first, along an index that has its order."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_case_file_submitted", "case_file")
    op.create_index("ix_case_file_newest", "case_file", [text("submitted_at DESC"), text("id DESC")])
