"""Each of several people who hold one payment link has a page of their own, one after the other."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_attempt", sa.Column("holder", sa.Text(), server_default="", nullable=False))
