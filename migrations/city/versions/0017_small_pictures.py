"""A small picture of each uploaded picture, made when it is next looked at; and what lies there unsent is counted inside an index."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file_content", sa.Column("thumbnail", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_stored_file_unsent",
        "stored_file",
        ["draft_id"],
        postgresql_include=["size", "uploaded_at"],
        postgresql_where=sa.text("case_id IS NULL"),
    )
    op.create_index("ix_stored_file_waiting", "stored_file", ["id"], postgresql_where=sa.text("scan = 'waiting'"))
    op.drop_index("ix_stored_file_draft_id", "stored_file")
