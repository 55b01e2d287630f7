"""Sums of days that are over, so that pages of the books add up what is new alone."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_day_balance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger()),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("procedure_key", "fee", "method", "account_code", "kind")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("debit", "credit", "count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_day_balance")),
    )
    op.create_index("ix_ledger_day_balance_day", "ledger_day_balance", ["day"])
    op.create_table(
        "ledger_summed_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_transaction_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_summed_day")),
    )
    op.drop_index("ix_journal_posting_day", "journal_posting")
    op.create_index("ix_journal_posting_day", "journal_posting", ["booked_on", "transaction_id"])
