"""Money that comes without the provider: tills with their shifts and entries, and attempts that were paid at a counter or with a slip."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ATTEMPTS = "'prepared', 'open', 'pending', 'expired', 'failed', 'paid', 'reversed'"
_NOTES = "'refund', 'rejection', 'review', 'reversal'"


def upgrade() -> None:
    _payments()
    _till()
    _banking()
    _shift()
    _entry()


def _payments() -> None:
    op.add_column("payment_attempt", sa.Column("remitted_with", sa.Text(), server_default="", nullable=False))
    op.add_column("refund", sa.Column("paid_by", sa.Text()))
    for table, column, values in (("payment_attempt", "status", _ATTEMPTS), ("payment_note", "kind", _NOTES)):
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({values})")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _till() -> None:
    op.create_table(
        "till",
        _id(),
        _number("department_id"),
        sa.Column("title", sa.Text(), nullable=False),
        _number("confirmed_above"),
        sa.Column("in_use", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("confirmed_above >= 0", name=op.f("ck_till_confirmed_above")),
        _foreign("till", "department_id", "department"),
        sa.PrimaryKeyConstraint("id", name="pk_till"),
    )
    op.create_index("ix_till_department_id", "till", ["department_id"])


def _banking() -> None:
    op.create_table(
        "till_banking",
        _id(),
        sa.Column("banked_on", sa.Date(), nullable=False),
        _number("amount"),
        sa.Column("slip_number", sa.Text(), server_default="", nullable=False),
        _number("staff_id"),
        sa.Column("entered_at", _MOMENT, nullable=False),
        _foreign("till_banking", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_till_banking"),
    )
    op.create_index("ix_till_banking_banked_on", "till_banking", ["banked_on"])


def _shift() -> None:
    op.create_table(
        "till_shift",
        _id(),
        _number("till_id"),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        _number("float_amount"),
        _number("opened_by"),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("pieces", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _number("counted", nullable=True),
        _number("expected", nullable=True),
        sa.Column("difference_reason", sa.Text()),
        _number("counted_by", nullable=True),
        sa.Column("counted_at", _MOMENT),
        _number("confirmed_by", nullable=True),
        sa.Column("closed_at", _MOMENT),
        _number("banking_id", nullable=True),
        sa.CheckConstraint("status IN ('open', 'counted', 'closed')", name=op.f("ck_till_shift_status")),
        sa.CheckConstraint("float_amount >= 0", name=op.f("ck_till_shift_float_amount")),
        sa.CheckConstraint("(status = 'open') = (counted IS NULL)", name=op.f("ck_till_shift_counted")),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_till_shift_closed")),
        sa.CheckConstraint("confirmed_by <> counted_by", name=op.f("ck_till_shift_two_people")),
        _foreign("till_shift", "till_id", "till"),
        _foreign("till_shift", "banking_id", "till_banking"),
        *(_foreign("till_shift", column, "staff") for column in ("opened_by", "counted_by", "confirmed_by")),
        sa.PrimaryKeyConstraint("id", name="pk_till_shift"),
    )
    op.create_index(
        "uq_till_shift_running", "till_shift", ["till_id"], unique=True, postgresql_where=sa.text("status <> 'closed'")
    )
    op.create_index(
        "ix_till_shift_unbanked",
        "till_shift",
        ["id"],
        postgresql_where=sa.text("status = 'closed' AND banking_id IS NULL"),
    )
    for column in ("till_id", "opened_at", "banking_id"):
        op.create_index(f"ix_till_shift_{column}", "till_shift", [column])


def _entry() -> None:
    op.create_table(
        "till_entry",
        _id(),
        _number("shift_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        _number("amount"),
        _number("tendered", nullable=True),
        _number("order_id"),
        _number("attempt_id", nullable=True),
        _number("refund_id", nullable=True),
        _number("reverses_id", nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        _number("staff_id"),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('payment', 'reversal', 'refund')", name=op.f("ck_till_entry_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_till_entry_amount")),
        sa.CheckConstraint("tendered >= amount", name=op.f("ck_till_entry_tendered")),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_till_entry_reversal")),
        sa.CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name=op.f("ck_till_entry_refund")),
        _foreign("till_entry", "shift_id", "till_shift"),
        _foreign("till_entry", "order_id", "payment_order"),
        _foreign("till_entry", "attempt_id", "payment_attempt"),
        _foreign("till_entry", "refund_id", "refund"),
        _foreign("till_entry", "reverses_id", "till_entry"),
        _foreign("till_entry", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_till_entry"),
        *(
            sa.UniqueConstraint(column, name=f"uq_till_entry_{column}")
            for column in ("refund_id", "reverses_id", "token")
        ),
    )
    for column in ("shift_id", "order_id"):
        op.create_index(f"ix_till_entry_{column}", "till_entry", [column])
