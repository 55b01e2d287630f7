"""Procedures applied for together: a bundle with its drafts, and the cases that were made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bundle"),
        sa.UniqueConstraint("public_id", name="uq_bundle_public_id"),
    )
    for table in ("draft", "case_file"):
        op.add_column(table, sa.Column("bundle_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(f"fk_{table}_bundle_id", table, "bundle", ["bundle_id"], ["id"])
        op.create_index(
            f"ix_{table}_bundle_id", table, ["bundle_id"], postgresql_where=sa.text("bundle_id IS NOT NULL")
        )
    op.add_column("draft", sa.Column("bundle_position", sa.SmallInteger(), nullable=True))
    op.add_column("draft", sa.Column("bundle_state", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_draft_bundle_state"), "draft", "bundle_state IN ('waiting', 'called_off', 'failed')"
    )
