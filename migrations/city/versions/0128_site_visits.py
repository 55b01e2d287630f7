"""What a device sends from a site visit is known when it is sent again, and a photo has when and where it was taken beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stored_file", sa.Column("taken", sa.Text()))
    op.add_column("stored_file", sa.Column("sent_key", sa.Text()))
    for table in ("case_stage_form", "case_note"):
        op.add_column(table, sa.Column("sent_key", sa.Text()))
        op.create_unique_constraint(f"uq_{table}_sent_key", table, ["sent_key"])


def downgrade() -> None:
    for table in ("case_note", "case_stage_form"):
        op.drop_column(table, "sent_key")
    op.drop_column("stored_file", "sent_key")
    op.drop_column("stored_file", "taken")
