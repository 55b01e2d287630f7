"""Limited places that drafts hold and cases have."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_ledger",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_booking_ledger"),
    )
    op.create_table(
        "capacity_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_days", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('held', 'taken', 'waiting')", name="ck_capacity_claim_state"),
        sa.CheckConstraint("amount > 0", name="ck_capacity_claim_amount"),
        sa.CheckConstraint("(draft_id IS NULL) <> (case_id IS NULL)", name="ck_capacity_claim_holder"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_capacity_claim_draft_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_capacity_claim_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_capacity_claim"),
    )
    op.create_index("ix_capacity_claim_pool", "capacity_claim", ["procedure_key", "rule", "edition", "key"])
    op.create_index("ix_capacity_claim_draft_id", "capacity_claim", ["draft_id"])
    op.create_index("ix_capacity_claim_case_id", "capacity_claim", ["case_id"])
    op.create_index(
        "ix_capacity_claim_expires_at",
        "capacity_claim",
        ["expires_at"],
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_capacity_claim_waiting",
        "capacity_claim",
        ["procedure_key", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
