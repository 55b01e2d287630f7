"""Figures of a city, counted day by day: arrivals, closings, what is late, and where drafts end."""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _count("case_arrival_count", _department(), sa.Column("channel", sa.Text(), nullable=False))
    _count(
        "case_closing_count",
        _department(),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
    )
    _count("case_overdue_count", _department())
    _count(
        "draft_end_count",
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("field_id", sa.Text(), nullable=False),
    )
    op.create_table(
        "figure_state",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("counted_until", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_figure_state_single"),
        sa.PrimaryKeyConstraint("id", name="pk_figure_state"),
    )
    op.create_index(
        "ix_case_file_closed", "case_file", ["closed_at"], postgresql_where=sa.text("closed_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_case_file_closed", "case_file")
    for table in ("figure_state", "draft_end_count", "case_overdue_count", "case_closing_count", "case_arrival_count"):
        op.drop_table(table)


def _department() -> sa.Column[int]:
    return sa.Column("department_id", sa.BigInteger(), nullable=False)


def _count(table: str, *columns: sa.Column) -> None:
    """A table of counts, known by the day, the procedure and the other columns."""
    key = ["day", "procedure_key", *(column.name for column in columns)]
    op.create_table(
        table,
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        *columns,
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
    )
