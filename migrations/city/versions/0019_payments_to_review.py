"""Payments that somebody must look at are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_needs_review", "payment", ["id"], postgresql_where=sa.text("status = 'needs_review'"))
