"""Money that the city pays to applicants, its budgets, and the files of transfers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STATUSES = "'requested', 'confirming', 'decided', 'exported', 'paid', 'failed', 'withdrawn'"


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def upgrade() -> None:
    op.create_table(
        "payout_consignor",
        _id(),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_payout_consignor_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_consignor"),
    )
    op.create_table(
        "payout_budget",
        _id(),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payout_budget"),
    )
    op.create_index("uq_payout_budget_year", "payout_budget", ["procedure_key", "key", "fiscal_year"], unique=True)
    op.create_table(
        "payout_batch",
        _id(),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("transfer_on", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("file", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_payout_batch_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_batch"),
    )
    op.create_table(
        "payout",
        _id(),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("words", JSONB(), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("status", sa.Text(), nullable=False, server_default="requested"),
        sa.Column("account", JSONB(), nullable=False),
        sa.Column("budget_id", sa.BigInteger()),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("confirmed_by", sa.BigInteger()),
        sa.Column("decided_at", _MOMENT),
        sa.Column("batch_id", sa.BigInteger()),
        sa.Column("paid_on", sa.Date()),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_payout_status")),
        sa.CheckConstraint("requested >= 0", name=op.f("ck_payout_requested")),
        sa.CheckConstraint("amount >= 0 AND amount <= requested", name=op.f("ck_payout_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_payout_case_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_payout_department_id"),
        sa.ForeignKeyConstraint(["budget_id"], ["payout_budget.id"], name="fk_payout_budget_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_payout_decided_by"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name="fk_payout_confirmed_by"),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"], name="fk_payout_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout"),
    )
    op.create_index("ix_payout_case_id", "payout", ["case_id"])
    op.create_index("ix_payout_batch_id", "payout", ["batch_id"])
    op.create_index(
        "uq_payout_line", "payout", ["case_id", "line"], unique=True, postgresql_where=sa.text("status <> 'withdrawn'")
    )
    op.create_index("ix_payout_budget", "payout", ["budget_id"], postgresql_where=sa.text("budget_id IS NOT NULL"))
    op.create_index(
        "ix_payout_open",
        "payout",
        ["status", "id"],
        postgresql_where=sa.text("status IN ('decided', 'exported', 'failed')"),
    )
