"""A browser knows the cases that were sent from it beyond a visit."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_case",
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_browser_case_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("browser", "case_id", name="pk_browser_case"),
    )
    op.create_index("ix_browser_case_case_id", "browser_case", ["case_id"])
    op.create_index("ix_browser_case_until", "browser_case", ["until"])
