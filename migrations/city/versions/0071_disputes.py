"""Disputes of cardholders are kept until they are over."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_refund_grounds"), "refund")
    op.create_check_constraint(
        op.f("ck_refund_grounds"), "refund", "grounds IN ('', 'waiver', 'correction', 'surplus', 'dispute')"
    )
    op.create_table(
        "payment_dispute",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("respond_by", _MOMENT, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_dispute_amount")),
        sa.CheckConstraint("status IN ('open', 'won', 'lost')", name=op.f("ck_payment_dispute_status")),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name="fk_payment_dispute_order_id"),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name="fk_payment_dispute_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_dispute"),
        sa.UniqueConstraint("provider_id", name="uq_payment_dispute_provider_id"),
    )
    op.create_index("ix_payment_dispute_order_id", "payment_dispute", ["order_id"])
    op.create_index(
        "ix_payment_dispute_open", "payment_dispute", ["attempt_id"], postgresql_where=sa.text("status = 'open'")
    )
