"""A charge can be waived after it was asked for, and a refund says by which rule it follows."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_CHARGES = "'owed', 'pending', 'review', 'paid', 'refunded', 'canceled', 'waived'"
_KINDS = (
    "'charge_raised', 'charge_reduced', 'charge_waived', 'payment_received', 'deposit_applied', 'refund_approved', 'refund_paid', "
    "'provider_fee', 'provider_payout', 'provider_adjustment', 'disputed', 'payout_decided', 'payout_paid', "
    "'cash_counted', 'cash_banked', 'reclassified', 'reversal'"
)
_ACCOUNTS = (
    "'receivable', 'in_transit', 'bank', 'cash', 'disputed', 'suspense', 'deposit', 'refund_payable', "
    "'payout_payable', 'revenue', 'waived', 'provider_fee', 'payout_expense', 'cash_difference'"
)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("charge", sa.Column("waived", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint("ck_charge_waived", "charge", "0 <= waived AND waived <= amount")
    _values("charge", "status", _CHARGES)
    op.drop_index("uq_charge_line", "charge")
    op.create_index(
        "uq_charge_line",
        "charge",
        ["case_id", "purpose", "number"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('canceled', 'refunded', 'waived')"),
    )
    op.add_column("refund", sa.Column("grounds", sa.Text(), server_default="", nullable=False))
    op.create_check_constraint("ck_refund_grounds", "refund", "grounds IN ('', 'waiver', 'correction', 'surplus')")
    _values("journal_transaction", "kind", _KINDS)
    _values("journal_posting", "account", _ACCOUNTS)
    _waiver()


def _values(table: str, column: str, values: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({values})")


def _waiver() -> None:
    people, others = ("requested_by", "decided_by", "revoked_by"), (("charge_id", "charge"), ("refund_id", "refund"))
    op.create_table(
        "waiver",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_waiver_amount"),
        sa.CheckConstraint(
            "status <> 'granted' OR decided_by IS NULL OR decided_by <> requested_by", name="ck_waiver_four_eyes"
        ),
        sa.CheckConstraint("status IN ('requested', 'granted', 'rejected', 'revoked')", name="ck_waiver_status"),
        *(sa.ForeignKeyConstraint([name], ["staff.id"], name=f"fk_waiver_{name}") for name in people),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_waiver_{name}") for name, table in others),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
    )
    op.create_index("ix_waiver_charge_id", "waiver", ["charge_id"])
    op.create_index(
        "uq_waiver_requested", "waiver", ["charge_id"], unique=True, postgresql_where=sa.text("status = 'requested'")
    )
