"""Seeds of lotteries are promised before they are drawn, and what comes free is offered to who waits for an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lottery_seed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("procedure_key", "rule", "edition")),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("committed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lottery_seed"),
        sa.UniqueConstraint("procedure_key", "rule", "edition", name="uq_lottery_seed_procedure_key_rule_edition"),
    )
    op.add_column("lottery_draw", sa.Column("fingerprint", sa.Text()))
    op.add_column("lottery_draw", sa.Column("committed_at", _MOMENT))
    op.drop_constraint(op.f("ck_capacity_claim_state"), "capacity_claim", type_="check")
    op.create_check_constraint(
        op.f("ck_capacity_claim_state"),
        "capacity_claim",
        "state IN ('held', 'taken', 'waiting', 'entered', 'offered')",
    )
