"""Imports of layers: what a file holds is its summary."""

from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("layer_import", "found", new_column_name="summary")
