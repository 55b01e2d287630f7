"""A version knows in which version of the language its text is written; all that are stored until now are in the first."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("procedure_version", sa.Column("language", sa.BigInteger(), nullable=False, server_default="1"))
