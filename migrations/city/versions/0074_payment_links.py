"""Somebody else pays by a link (代理納付), and may be told when the money arrived."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_payment_link"),
        sa.UniqueConstraint("token_digest", name="uq_payment_link_token_digest"),
    )
    op.create_index(
        "uq_payment_link_choice", "payment_link", ["choice"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "payment_link_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("link_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["payment_link.id"], name="fk_payment_link_line_link_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name="fk_payment_link_line_charge_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_link_line"),
        sa.UniqueConstraint("link_id", "charge_id", name="uq_payment_link_line_link_id_charge_id"),
    )
    op.create_index("ix_payment_link_line_charge_id", "payment_link_line", ["charge_id"])
    op.add_column("payment_order", sa.Column("by_link", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("payment_attempt", sa.Column("link_id", sa.BigInteger(), nullable=True))
    op.add_column("payment_attempt", sa.Column("payer", JSONB(), nullable=True))
    op.create_foreign_key("fk_payment_attempt_link_id", "payment_attempt", "payment_link", ["link_id"], ["id"])
    op.create_index("ix_payment_attempt_link_id", "payment_attempt", ["link_id"])
