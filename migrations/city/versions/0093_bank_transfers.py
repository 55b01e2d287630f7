"""Payments by bank transfer: the account to transfer to, what arrived there, and what of it is still the payer's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_KINDS = (
    "'charge_raised', 'charge_reduced', 'charge_waived', 'payment_received', 'deposit_applied', 'refund_approved', "
    "'refund_paid', 'provider_fee', 'provider_payout', 'provider_adjustment', 'disputed', 'payout_decided', 'payout_paid', "
    "'cash_counted', 'cash_banked', 'reclassified', 'transfer_arrived', 'transfer_applied', 'transfer_returned', "
    "'transfer_kept', 'reversal'"
)
_ACCOUNTS = (
    "'receivable', 'in_transit', 'payer_funds', 'bank', 'cash', 'disputed', 'suspense', 'deposit', 'refund_payable', "
    "'payout_payable', 'revenue', 'waived', 'provider_fee', 'payout_expense', 'cash_difference'"
)
_GROUNDS = "'', 'waiver', 'correction', 'surplus', 'dispute', 'transfer'"
_DIFFERENCES = "'not_ours', 'not_there', 'amount', 'payer_funds', 'not_at_bank', 'only_at_bank', 'sums'"


def upgrade() -> None:
    op.create_table(
        "transfer_arrival",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name="ck_transfer_arrival_amount"),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name="fk_transfer_arrival_attempt_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_transfer_arrival"),
    )
    op.create_index("ix_transfer_arrival_attempt_id", "transfer_arrival", ["attempt_id"])
    op.add_column("payment_attempt", sa.Column("customer_id", sa.Text(), nullable=True))
    op.add_column("payment_attempt", sa.Column("transfer_account", JSONB(), nullable=True))
    op.add_column("payment_attempt", sa.Column("unapplied", sa.BigInteger(), server_default="0", nullable=False))
    op.create_unique_constraint("uq_payment_attempt_customer_id", "payment_attempt", ["customer_id"])
    op.add_column("refund", sa.Column("from_funds", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("provider_event", sa.Column("customer_id", sa.Text(), nullable=True))
    op.add_column(
        "payment_policy",
        sa.Column("transfer_within_days", sa.SmallInteger(), server_default=sa.text("7"), nullable=False),
    )
    op.create_check_constraint(op.f("ck_payment_policy_transfer_days"), "payment_policy", "transfer_within_days > 0")
    for table, column, words in (
        ("journal_transaction", "kind", _KINDS),
        ("journal_posting", "account", _ACCOUNTS),
        ("refund", "grounds", _GROUNDS),
        ("ledger_difference", "kind", _DIFFERENCES),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({words})")
