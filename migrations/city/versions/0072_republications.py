"""Procedures published again because of a change to a shared list or word, by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "republication",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_republication_department_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_republication_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_republication"),
    )
    op.create_index("ix_republication_subject", "republication", ["kind", "name"])
    op.create_table(
        "republished_procedure",
        sa.Column("republication_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'unchanged', 'superseded', 'failed')",
            name=op.f("ck_republished_procedure_state"),
        ),
        sa.ForeignKeyConstraint(
            ["republication_id"], ["republication.id"], name="fk_republished_procedure_republication_id"
        ),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name="fk_republished_procedure_procedure_id"),
        sa.PrimaryKeyConstraint("republication_id", "procedure_id", name="pk_republished_procedure"),
    )
