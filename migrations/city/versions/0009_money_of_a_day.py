"""The payments and refunds of one day are found by an index."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_paid_at", "payment", ["paid_at"])
    op.create_index("ix_refund_finished_at", "refund", ["finished_at"])
