"""Staff measure quantities of fees."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    people = ("requested_by", "decided_by")
    op.create_table(
        "surveyed_figure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("row", sa.SmallInteger(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.CheckConstraint("amount >= 0 AND before >= 0", name="ck_surveyed_figure_amount"),
        sa.CheckConstraint("status IN ('requested', 'granted', 'rejected')", name="ck_surveyed_figure_status"),
        sa.CheckConstraint(
            "status <> 'granted' OR decided_by IS NULL OR decided_by <> requested_by",
            name="ck_surveyed_figure_four_eyes",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_surveyed_figure_case_id"),
        *(sa.ForeignKeyConstraint([name], ["staff.id"], name=f"fk_surveyed_figure_{name}") for name in people),
        sa.PrimaryKeyConstraint("id", name="pk_surveyed_figure"),
    )
    op.create_index("ix_surveyed_figure_case_id", "surveyed_figure", ["case_id"])
    op.create_index(
        "uq_surveyed_figure_requested",
        "surveyed_figure",
        ["case_id", "rule_id", sa.text("coalesce(row, -1)")],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )
