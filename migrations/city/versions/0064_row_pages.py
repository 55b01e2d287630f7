"""Keys of the rows of a draft that are filled in on pages of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "draft",
        sa.Column("row_keys", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
