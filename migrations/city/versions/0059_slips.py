"""Files of banks about paid slips, and their lines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STATUSES = "'waiting', 'posted', 'unidentified', 'failed'"
_SAME = ("reference", "day", "amount", "institution", "serial", "occurrence")


def upgrade() -> None:
    op.create_table(
        "slip_file",
        _id(),
        _text("layout", ""),
        sa.Column("columns", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_slip_file_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_slip_file"),
    )
    op.create_table(
        "slip_line",
        _id(),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        _text("reference"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _text("institution", ""),
        _text("serial", ""),
        sa.Column("occurrence", sa.BigInteger(), nullable=False),
        _text("failure", ""),
        _text("status", "waiting"),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("attempt_id", sa.BigInteger()),
        sa.CheckConstraint("amount > 0", name=op.f("ck_slip_line_amount")),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_slip_line_status")),
        sa.ForeignKeyConstraint(["file_id"], ["slip_file.id"], name="fk_slip_line_file_id"),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name="fk_slip_line_order_id"),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name="fk_slip_line_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slip_line"),
        sa.UniqueConstraint("attempt_id", name="uq_slip_line_attempt_id"),
        sa.UniqueConstraint(*_SAME, name="uq_slip_line_once"),
    )
    for column in ("file_id", "order_id"):
        op.create_index(f"ix_slip_line_{column}", "slip_line", [column])
    op.create_index(
        "ix_slip_line_open", "slip_line", ["id"], postgresql_where=sa.text("status IN ('waiting', 'unidentified')")
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)
