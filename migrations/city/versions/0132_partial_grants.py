"""What of an application was granted, where it was only a part."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("granted", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_file", "granted")
