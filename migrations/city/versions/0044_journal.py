"""The city's books: a double-entry journal, closings, open items, sums of closed months, codes of the budget; and accountants."""

from pathlib import Path

import sqlalchemy as sa
from alembic import context, op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

JOURNAL = Path(__file__).parents[1] / "sql" / "journal.sql"
_MOMENT = sa.DateTime(timezone=True)
_KINDS = (
    "'charge_raised', 'charge_reduced', 'payment_received', 'deposit_applied', 'refund_approved', 'refund_paid', "
    "'provider_fee', 'provider_payout', 'provider_adjustment', 'disputed', 'payout_decided', 'payout_paid', "
    "'cash_counted', 'cash_banked', 'reclassified', 'reversal'"
)
_ACCOUNTS = (
    "'receivable', 'in_transit', 'bank', 'cash', 'disputed', 'suspense', 'deposit', 'refund_payable', "
    "'payout_payable', 'revenue', 'provider_fee', 'payout_expense', 'cash_difference'"
)
_ROLES = "'clerk', 'decider', 'cashier', 'inspector', 'publisher', 'accountant', 'admin'"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_staff_role_role"), "staff_role", type_="check")
    op.create_check_constraint(op.f("ck_staff_role_role"), "staff_role", f"role IN ({_ROLES})")
    _journal()
    _balances()
    _closings()
    sql = JOURNAL.read_text(encoding="utf-8").replace("{schema}", context.config.attributes["schema"])
    op.get_bind().connection.cursor().execute(sql)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _journal() -> None:
    op.create_table(
        "journal_transaction",
        _id(),
        _text("kind"),
        _text("cause"),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("posting_count", sa.SmallInteger(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger()),
        sa.Column("staff_id", sa.BigInteger()),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_journal_transaction_kind")),
        sa.CheckConstraint("posting_count >= 2", name=op.f("ck_journal_transaction_posting_count")),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_journal_transaction_reversal")
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["journal_transaction.id"], name="fk_journal_transaction_reverses_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_journal_transaction_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_transaction"),
        sa.UniqueConstraint("cause", name="uq_journal_transaction_cause"),
        sa.UniqueConstraint("reverses_id", name="uq_journal_transaction_reverses_id"),
        sa.UniqueConstraint("id", "booked_on", name="uq_journal_transaction_id_booked_on"),
    )
    op.create_index("ix_journal_transaction_booked_on", "journal_transaction", ["booked_on", "id"])
    op.create_table(
        "journal_posting",
        _id(),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        _text("account"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _text("item", ""),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("department_id", sa.BigInteger()),
        _text("procedure_key", ""),
        _text("fee", ""),
        _text("method", ""),
        _text("account_code", ""),
        _text("provider", ""),
        _text("provider_ref", ""),
        sa.CheckConstraint(f"account IN ({_ACCOUNTS})", name=op.f("ck_journal_posting_account")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_journal_posting_amount")),
        sa.ForeignKeyConstraint(
            ["transaction_id", "booked_on"],
            ["journal_transaction.id", "journal_transaction.booked_on"],
            name="fk_journal_posting_transaction_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_posting"),
    )
    op.create_index("ix_journal_posting_transaction_id", "journal_posting", ["transaction_id"])
    op.create_index(
        "ix_journal_posting_day", "journal_posting", ["booked_on", "account"], postgresql_include=["amount"]
    )
    op.create_index("ix_journal_posting_item", "journal_posting", ["item"], postgresql_where=sa.text("item <> ''"))
    op.create_index(
        "ix_journal_posting_case_id",
        "journal_posting",
        ["case_id"],
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_posting_provider_ref",
        "journal_posting",
        ["provider_ref"],
        postgresql_where=sa.text("provider_ref <> ''"),
        postgresql_include=["account", "amount"],
    )


def _balances() -> None:
    op.create_table(
        "ledger_open_item",
        _text("account"),
        _text("item"),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("department_id", sa.BigInteger()),
        _text("procedure_key"),
        sa.PrimaryKeyConstraint("account", "item", name="pk_ledger_open_item"),
    )
    op.create_index("ix_ledger_open_item_since", "ledger_open_item", ["account", "since"])
    op.create_table(
        "ledger_month_balance",
        _id(),
        sa.Column("month", sa.Date(), nullable=False),
        _text("account"),
        sa.Column("department_id", sa.BigInteger()),
        *(_text(name) for name in ("procedure_key", "fee", "method", "account_code", "kind")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("debit", "credit", "count")),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_month_balance"),
    )
    op.create_index("ix_ledger_month_balance_month", "ledger_month_balance", ["month", "account"])
    op.create_table(
        "ledger_account_code",
        _id(),
        _text("procedure_key"),
        _text("fee", ""),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        _text("code"),
        _text("title"),
        sa.Column("set_by", sa.BigInteger()),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name="fk_ledger_account_code_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_account_code"),
        sa.UniqueConstraint(
            "procedure_key", "fee", "fiscal_year", name="uq_ledger_account_code_procedure_key_fee_fiscal_year"
        ),
    )


def _closings() -> None:
    people = ("closed_by", "reopening_asked_by", "reopened_by")
    op.create_table(
        "ledger_closing",
        _id(),
        _text("period"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=False),
        sa.Column("reopening_asked_by", sa.BigInteger()),
        sa.Column("reopening_asked_at", _MOMENT),
        sa.Column("reopening_reason", sa.LargeBinary()),
        sa.Column("reopened_by", sa.BigInteger()),
        sa.Column("reopened_at", _MOMENT),
        sa.CheckConstraint("period IN ('day', 'month')", name=op.f("ck_ledger_closing_period")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_ledger_closing_days")),
        sa.CheckConstraint(
            "reopened_by IS NULL OR reopened_by <> reopening_asked_by", name=op.f("ck_ledger_closing_two_people")
        ),
        sa.CheckConstraint("(reopened_by IS NULL) = (reopened_at IS NULL)", name=op.f("ck_ledger_closing_reopened")),
        *(sa.ForeignKeyConstraint([name], ["staff.id"], name=f"fk_ledger_closing_{name}") for name in people),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_closing"),
    )
    op.create_index(
        "uq_ledger_closing_in_force",
        "ledger_closing",
        ["period", "first_day"],
        unique=True,
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
