"""Shared answers that were corrected in one case of a bundle, offered to the others."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_change_offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("from_case_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_change_offer"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_change_offer_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_case_id"], ["case_file.id"], name="fk_case_change_offer_from_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_change_offer_staff_id"),
        sa.CheckConstraint("status IN ('open', 'accepted', 'declined')", name=op.f("ck_case_change_offer_status")),
    )
    op.create_index("ix_case_change_offer_case_id", "case_change_offer", ["case_id"])
    op.create_index(
        "uq_case_change_offer_open",
        "case_change_offer",
        ["case_id", "from_case_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
