"""The city's rules about refunds are its own, not its account's; failed refunds are taken on, and transferred where the provider cannot."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_policy",
        sa.Column("id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("second_person_above", sa.BigInteger(), server_default=sa.text("0"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_payment_policy"),
        sa.CheckConstraint("id = 1", name="ck_payment_policy_one"),
        sa.CheckConstraint("second_person_above >= 0", name="ck_payment_policy_above"),
    )
    op.execute(
        "INSERT INTO payment_policy (second_person_above)"
        " SELECT CASE WHEN four_eyes THEN 0 END FROM payment_account WHERE active"
    )
    op.drop_column("payment_account", "four_eyes")
    op.add_column("refund", sa.Column("by_transfer", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("refund", sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_refund_to_handle", "refund", ["id"], postgresql_where=sa.text("status = 'failed' AND handled_at IS NULL")
    )
    op.add_column("payout", sa.Column("settles_item", sa.Text(), nullable=True))
