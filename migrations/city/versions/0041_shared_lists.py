"""Tables that departments keep for every procedure."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_shared_list_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shared_list"),
        sa.UniqueConstraint("key", name="uq_shared_list_key"),
    )
    op.create_index("ix_shared_list_department_id", "shared_list", ["department_id"])
    op.create_table(
        "shared_list_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["shared_list.id"], name="fk_shared_list_version_list_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_shared_list_version_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shared_list_version"),
        sa.UniqueConstraint("list_id", "number", name="uq_shared_list_version_list_id_number"),
    )
