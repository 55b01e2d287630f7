"""Cases that are acted on together, and views of the list and the map that people keep."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_action",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="chosen", nullable=False),
        sa.Column("act", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('chosen', 'running', 'done', 'undoing', 'undone')", name="ck_bulk_action_state"),
        sa.CheckConstraint("act IN ('assign', 'message')", name="ck_bulk_action_act"),
        sa.CheckConstraint("(state = 'chosen') = (act IS NULL)", name="ck_bulk_action_begun"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_bulk_action_staff_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["staff.id"], name="fk_bulk_action_assignee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_action"),
    )
    op.create_index("ix_bulk_action_chosen_at", "bulk_action", ["chosen_at"])
    op.create_table(
        "bulk_case",
        sa.Column("bulk_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_assignee", sa.BigInteger(), nullable=True),
        sa.Column("seen_version", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('waiting', 'done', 'left_out', 'undone', 'kept')", name="ck_bulk_case_outcome"),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_action.id"], name="fk_bulk_case_bulk_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_bulk_case_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bulk_id", "position", name="pk_bulk_case"),
    )
    op.create_index("ix_bulk_case_case_id", "bulk_case", ["case_id"])
    op.create_table(
        "case_view",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("layers", postgresql.JSONB(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(staff_id IS NULL) <> (department_id IS NULL)", name="ck_case_view_owner"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_view_staff_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_case_view_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_view"),
    )
    for owner in ("staff_id", "department_id"):
        op.create_index(
            f"ix_case_view_{owner}", "case_view", [owner, "position"], postgresql_where=sa.text(f"{owner} IS NOT NULL")
        )
    op.create_table(
        "case_view_default",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_view_default_staff_id"),
        sa.ForeignKeyConstraint(["view_id"], ["case_view.id"], name="fk_case_view_default_view_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_case_view_default"),
    )
    op.create_index("ix_case_view_default_view_id", "case_view_default", ["view_id"])
