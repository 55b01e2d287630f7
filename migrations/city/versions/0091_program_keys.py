"""Keys with which programs of others read the city's data, and how often each is used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("beginning", sa.Text(), nullable=False),
        sa.Column("layers", JSONB(), nullable=False),
        sa.Column("procedures", JSONB(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_program_key_department_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_program_key_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_program_key"),
        sa.UniqueConstraint("digest", name="uq_program_key_digest"),
    )
    op.create_index(
        "ix_program_key_name",
        "program_key",
        ["department_id", "name"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "program_key_use",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["program_key.id"], name="fk_program_key_use_key_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_id", "day", name="pk_program_key_use"),
    )
