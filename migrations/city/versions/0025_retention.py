"""How long cases are kept: holds, what was erased when and by which rule, and when a case's content went."""

import sqlalchemy as sa
from alembic import context, op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_case_file_kept",
        "case_file",
        ["version_id", "closed_at"],
        postgresql_where=sa.text("closed_at IS NOT NULL AND erased_at IS NULL"),
    )
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.BigInteger(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_retention_hold_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["placed_by"], ["staff.id"], name="fk_retention_hold_placed_by"),
        sa.ForeignKeyConstraint(["lifted_by"], ["staff.id"], name="fk_retention_hold_lifted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_retention_hold"),
    )
    op.create_index(
        "uq_retention_hold_standing",
        "retention_hold",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "deletion_record",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("retention_years", sa.SmallInteger(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_deletion_record_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_deletion_record"),
    )
    op.create_index("ix_deletion_record_erased_at", "deletion_record", ["erased_at"])
    op.execute(f'REVOKE UPDATE, DELETE ON deletion_record FROM "{context.config.attributes["schema"]}"')
