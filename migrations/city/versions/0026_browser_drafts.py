"""A browser keeps its drafts beyond a visit."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_draft",
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_browser_draft_draft_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("browser", "draft_id", name="pk_browser_draft"),
    )
    op.create_index("ix_browser_draft_draft_id", "browser_draft", ["draft_id"])
