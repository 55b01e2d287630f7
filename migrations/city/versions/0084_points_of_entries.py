"""Places can be allocated in the order of points: entries keep theirs, and an allocation says what it went by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0084"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("capacity_claim", sa.Column("points", postgresql.ARRAY(sa.BigInteger())))
    op.add_column("lottery_draw", sa.Column("by_points", sa.Boolean(), nullable=False, server_default=sa.text("false")))
