"""Constraints of the list of cities are named as the models name them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("code", "host"):
        op.execute(f"ALTER TABLE city RENAME CONSTRAINT city_{column}_key TO uq_city_{column}")
