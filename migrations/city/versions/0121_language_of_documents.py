"""The tree of a version has a version of the language of its own, so that it can be made anew while the text stays as it was published."""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "procedure_version", sa.Column("document_language", sa.BigInteger(), nullable=False, server_default="1")
    )
    op.execute("UPDATE procedure_version SET document_language = language")


def downgrade() -> None:
    op.drop_column("procedure_version", "document_language")
