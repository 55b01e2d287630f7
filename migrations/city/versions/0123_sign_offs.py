"""Decisions that others sign off before they take effect."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("route", "signed"):
        op.add_column(
            "case_decision",
            sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        )
    op.alter_column("case_decision", "takes_effect_at", nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM case_decision WHERE takes_effect_at IS NULL")
    op.alter_column("case_decision", "takes_effect_at", nullable=False)
    op.drop_column("case_decision", "signed")
    op.drop_column("case_decision", "route")
