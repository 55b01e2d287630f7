"""Cases that departments hand over to each other, and more that is done with many cases together."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

ACTS = "'assign', 'message', 'accept', 'transfer'"
STATES = "'chosen', 'running', 'done', 'undoing', 'undone', 'stopped'"


def upgrade() -> None:
    op.create_table(
        "case_transfer",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("from_department_id", sa.BigInteger(), nullable=False),
        sa.Column("to_department_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("transferred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_transfer_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_department_id"], ["department.id"], name=op.f("fk_case_transfer_from_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["to_department_id"], ["department.id"], name=op.f("fk_case_transfer_to_department_id_department")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_transfer_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfer")),
    )
    op.create_index("ix_case_transfer_case_id", "case_transfer", ["case_id"])
    op.create_index(
        "ix_case_transfer_from",
        "case_transfer",
        ["from_department_id", sa.text("transferred_at DESC"), sa.text("id DESC")],
    )
    op.add_column("bulk_action", sa.Column("to_department", sa.BigInteger(), nullable=True))
    _checks(ACTS, STATES)


def downgrade() -> None:
    op.execute("DELETE FROM bulk_action WHERE act IN ('accept', 'transfer') OR state = 'stopped'")
    _checks("'assign', 'message'", "'chosen', 'running', 'done', 'undoing', 'undone'")
    op.drop_column("bulk_action", "to_department")
    op.drop_table("case_transfer")


def _checks(acts: str, states: str) -> None:
    for name, condition in (("act", f"act IN ({acts})"), ("state", f"state IN ({states})")):
        op.drop_constraint(op.f(f"ck_bulk_action_{name}"), "bulk_action")
        op.create_check_constraint(op.f(f"ck_bulk_action_{name}"), "bulk_action", condition)
