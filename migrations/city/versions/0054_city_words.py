"""Facts and items that a city adds to the shared words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_word",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", postgresql.JSONB(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_city_word_department_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_city_word_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_city_word"),
        sa.UniqueConstraint("kind", "name", "number", name="uq_city_word_kind_name_number"),
    )
    op.create_index("ix_city_word_department_id", "city_word", ["department_id"])
