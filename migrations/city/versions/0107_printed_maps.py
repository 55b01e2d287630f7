"""Printed maps of staff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "map_print",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("choice", postgresql.JSONB(), nullable=False),
        sa.Column("ordered", postgresql.JSONB(), nullable=True),
        sa.Column("case_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'waiting', 'drawing', 'made', 'failed')", name="ck_map_print_state"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_map_print_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_map_print"),
    )
    op.create_index("ix_map_print_staff_id", "map_print", ["staff_id", "id"])
    op.create_index("ix_map_print_case_ids", "map_print", ["case_ids"], postgresql_using="gin")
    op.create_table(
        "map_print_content",
        sa.Column("print_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"], ["map_print.id"], name="fk_map_print_content_print_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("print_id", name="pk_map_print_content"),
    )
