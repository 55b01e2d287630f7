"""Rows of an application that enter an allocation of their own: siblings."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("capacity_claim", sa.Column("entry_row", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("capacity_claim", "entry_row")
