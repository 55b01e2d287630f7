"""A case knows from when to when anything is asked for, and lists of a period are counted inside the index of its department."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("case_file", sa.Column("ends_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE case_file SET starts_on = used.starts_on, ends_on = used.ends_on FROM ("
        " SELECT case_id, min(starts_on) AS starts_on, max(ends_on) AS ends_on FROM case_place"
        " WHERE starts_on IS NOT NULL GROUP BY case_id) AS used WHERE used.case_id = case_file.id"
    )
    op.drop_index("ix_case_file_department_newest", "case_file")
    op.create_index(
        "ix_case_file_department_newest",
        "case_file",
        ["department_id", sa.text("submitted_at DESC"), sa.text("id DESC")],
        postgresql_include=["starts_on", "ends_on", "status", "procedure_key", "assignee_id", "due_on", "closed_at"],
    )
