"""Browsers in which a person signed in before are known again, so that a shared network address does not lock them out."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_device",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("device", "person", name="pk_known_device"),
    )
    op.create_index("ix_known_device_person", "known_device", ["person"])
    op.create_index("ix_known_device_used_at", "known_device", ["used_at"])
