"""Somebody who agreed may take it back."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("status"), "case_consent")
    op.create_check_constraint(
        op.f("status"),
        "case_consent",
        "status IN ('waiting', 'agreed', 'refused', 'revoked', 'expired', 'withdrawn')",
    )
