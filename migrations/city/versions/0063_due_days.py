"""Each charge has a last day; its payer is told before and after it, and a demand names another day."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

KINDS = "'payment_details', 'payment_confirmation', 'payment_slip', 'receipt', 'demand'"


def upgrade() -> None:
    op.add_column("charge", sa.Column("pay_by", sa.Date(), nullable=True))
    op.add_column("charge", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("charge", sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("charge", sa.Column("demanded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("charge", sa.Column("demand_by", sa.Date(), nullable=True))
    op.create_index("ix_charge_pay_by", "charge", ["pay_by"], postgresql_where=sa.text("status IN ('owed', 'pending')"))
    for name, days in (("pay_within_days", "14"), ("remind_days_before", "3"), ("demand_within_days", "10")):
        column = sa.Column(name, sa.SmallInteger(), server_default=sa.text(days), nullable=False)
        op.add_column("payment_policy", column)
    op.create_check_constraint(
        "ck_payment_policy_days",
        "payment_policy",
        "pay_within_days > 0 AND remind_days_before >= 0 AND demand_within_days > 0",
    )
    op.drop_constraint("ck_document_kind", "document")
    op.create_check_constraint("ck_document_kind", "document", f"kind IN ({KINDS})")
