"""What layers are used for on the residents' map, and columns that residents do not see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("layer", sa.Column("public_use", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column(
        "layer", sa.Column("hidden_columns", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
