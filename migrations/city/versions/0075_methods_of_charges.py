"""A fee says by which methods it may be paid online."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charge", sa.Column("methods", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))
