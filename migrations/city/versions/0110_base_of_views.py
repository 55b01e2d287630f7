"""Kept views of the staff map name their base map."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_view", sa.Column("base", sa.Text(), server_default="", nullable=False))
