"""Bank statements, what comparisons of the books found, and the kind of a movement beside each of its postings.

The provider's balance transactions get their own name: they are not the ledger.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DIFFERENCES = "'not_ours', 'not_there', 'amount', 'not_at_bank', 'only_at_bank', 'sums'"


def upgrade() -> None:
    _name_provider_transactions()
    _kind_of_postings()
    _bank_statements()
    _differences()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _name_provider_transactions() -> None:
    op.rename_table("ledger_entry", "provider_transaction")
    op.execute("ALTER TABLE provider_transaction RENAME CONSTRAINT pk_ledger_entry TO pk_provider_transaction")
    for column in ("created_at", "source_id"):
        op.execute(f"ALTER INDEX ix_ledger_entry_{column} RENAME TO ix_provider_transaction_{column}")


def _kind_of_postings() -> None:
    op.add_column("journal_posting", sa.Column("kind", sa.Text(), nullable=True))
    op.execute("ALTER TABLE journal_posting DISABLE TRIGGER append_only")
    op.execute(
        "UPDATE journal_posting SET kind = coalesce(original.kind, booked.kind) FROM journal_transaction AS booked"
        " LEFT JOIN journal_transaction AS original ON original.id = booked.reverses_id"
        " WHERE booked.id = journal_posting.transaction_id"
    )
    op.execute("ALTER TABLE journal_posting ENABLE TRIGGER append_only")
    op.alter_column("journal_posting", "kind", nullable=False)
    op.alter_column(
        "ledger_closing", "reopening_reason", type_=sa.Text(), postgresql_using="encode(reopening_reason, 'escape')"
    )


def _bank_statements() -> None:
    op.create_table(
        "bank_statement",
        _id(),
        _text("account"),
        _text("layout", ""),
        sa.Column("columns", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        _number("line_count", "0"),
        _number("added_by"),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_bank_statement_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_bank_statement"),
    )
    op.create_table(
        "bank_statement_line",
        _id(),
        _number("statement_id"),
        _text("account"),
        sa.Column("day", sa.Date(), nullable=False),
        _number("amount"),
        _text("reference", ""),
        _number("occurrence"),
        _text("description"),
        _text("ledger_ref", ""),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_bank_statement_line_amount")),
        sa.ForeignKeyConstraint(["statement_id"], ["bank_statement.id"], name="fk_bank_statement_line_statement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bank_statement_line"),
        sa.UniqueConstraint("account", "day", "amount", "reference", "occurrence", name="uq_bank_statement_line_once"),
    )
    op.create_index("ix_bank_statement_line_statement_id", "bank_statement_line", ["statement_id"])
    op.create_index(
        "ix_bank_statement_line_unmatched",
        "bank_statement_line",
        ["amount", "day"],
        postgresql_where=sa.text("ledger_ref = ''"),
    )
    op.create_index(
        "ix_bank_statement_line_ledger_ref",
        "bank_statement_line",
        ["ledger_ref"],
        postgresql_where=sa.text("ledger_ref <> ''"),
    )


def _differences() -> None:
    op.create_table(
        "ledger_difference",
        _id(),
        _text("kind"),
        _text("reference"),
        sa.Column("ours", sa.BigInteger()),
        sa.Column("theirs", sa.BigInteger()),
        sa.Column("day", sa.Date()),
        sa.Column("case_ids", JSONB(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("gone_at", _MOMENT),
        sa.Column("explained_by", sa.BigInteger()),
        sa.Column("explained_at", _MOMENT),
        sa.Column("explanation", sa.Text()),
        sa.CheckConstraint(f"kind IN ({_DIFFERENCES})", name=op.f("ck_ledger_difference_kind")),
        sa.ForeignKeyConstraint(["explained_by"], ["staff.id"], name="fk_ledger_difference_explained_by"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_difference"),
    )
    op.create_index(
        "uq_ledger_difference_open",
        "ledger_difference",
        ["kind", "reference"],
        unique=True,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "reconciliation_run",
        _id(),
        sa.Column("at", _MOMENT, nullable=False),
        *map(_number, ("provider_count", "provider_balance", "ledger_balance", "bank_matched", "differences")),
        sa.PrimaryKeyConstraint("id", name="pk_reconciliation_run"),
    )
