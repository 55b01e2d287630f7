"""Accounts keep plans, and end the links that they made."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("kept_plan", "token_digest", nullable=True)
    op.add_column("kept_plan", sa.Column("account_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_kept_plan_account_id_account"), "kept_plan", "account", ["account_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(op.f("ix_kept_plan_account_id"), "kept_plan", ["account_id"])
    op.create_check_constraint(op.f("owner"), "kept_plan", "token_digest IS NOT NULL OR account_id IS NOT NULL")
