"""Roles that a city makes itself, beside those that come with Madoguchi."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_OWN = (
    "CASE WHEN role IN ('clerk', 'decider', 'cashier', 'inspector', 'publisher', 'accountant', 'admin')"
    " THEN NULL ELSE role END"
)


def upgrade() -> None:
    op.create_table(
        "city_role",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("city_wide", sa.Boolean(), nullable=False),
        sa.Column("rights", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_city_role"),
        sa.UniqueConstraint("key", name="uq_city_role_key"),
    )
    op.drop_constraint(op.f("ck_staff_role_role"), "staff_role", type_="check")
    op.add_column("staff_role", sa.Column("city_role", sa.Text(), sa.Computed(_OWN, persisted=True), nullable=True))
    op.create_foreign_key("fk_staff_role_city_role", "staff_role", "city_role", ["city_role"], ["key"])
    op.create_index("ix_staff_role_city_role", "staff_role", ["city_role"])
