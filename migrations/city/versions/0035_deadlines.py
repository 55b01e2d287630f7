"""Cases keep the clock of their deadlines, and the next day on which something happens with them by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_file",
        sa.Column("clock", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
    )
    op.add_column("case_file", sa.Column("wake_on", sa.Date(), nullable=True))
    op.create_index("ix_case_file_wake", "case_file", ["wake_on"], postgresql_where=sa.text("wake_on IS NOT NULL"))
