"""Entries in lotteries, and the draws with their seeds."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("capacity_claim", sa.Column("wish", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("capacity_claim", sa.Column("drawn", sa.BigInteger(), nullable=True))
    op.drop_constraint("ck_capacity_claim_state", "capacity_claim")
    op.create_check_constraint(
        "ck_capacity_claim_state", "capacity_claim", "state IN ('held', 'taken', 'waiting', 'entered')"
    )
    op.create_table(
        "lottery_draw",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_lottery_draw_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lottery_draw"),
        sa.UniqueConstraint("procedure_key", "rule", "edition", name="uq_lottery_draw_procedure_key_rule_edition"),
    )
