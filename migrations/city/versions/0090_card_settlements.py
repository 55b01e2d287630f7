"""Slips of card readers, and what their operator pays to the bank."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_settlement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("difference_reason", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("0 <= fee AND fee <= gross", name="ck_card_settlement_fee"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_card_settlement_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_card_settlement"),
    )
    op.create_index("ix_card_settlement_paid_on", "card_settlement", ["paid_on"])
    for name in ("slip_number", "brand"):
        op.add_column("till_entry", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("till_entry", sa.Column("settlement_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_till_entry_settlement_id", "till_entry", "card_settlement", ["settlement_id"], ["id"])
    op.create_index("ix_till_entry_settlement_id", "till_entry", ["settlement_id"])
    op.create_index(
        "ix_till_entry_unsettled",
        "till_entry",
        ["id"],
        postgresql_where=sa.text("method = 'card_reader' AND settlement_id IS NULL"),
    )
