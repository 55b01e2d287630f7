"""A role may hold in every department, those to come included; a first password ends; a lost authenticator is replaced by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("pk_staff_role", "staff_role", type_="primary")
    op.add_column("staff_role", sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False))
    op.create_primary_key("pk_staff_role", "staff_role", ["id"])
    op.alter_column("staff_role", "department_id", nullable=True)
    op.create_unique_constraint(
        "uq_staff_role_once", "staff_role", ["staff_id", "department_id", "role"], postgresql_nulls_not_distinct=True
    )
    op.add_column("staff", sa.Column("initial_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("enrol_digest", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("enrol_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "staff_reset",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=True),
        sa.Column("requested_name", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_name", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name="fk_staff_reset_confirmed_by_staff"),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name="fk_staff_reset_requested_by_staff"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_reset_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_reset"),
    )
    op.create_index(
        "uq_staff_reset_open", "staff_reset", ["staff_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
