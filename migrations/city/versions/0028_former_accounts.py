"""An attempt to pay knows the account at which it was opened, so that a city can change its account."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_account", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payment_attempt", sa.Column("account_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_payment_attempt_account_id", "payment_attempt", "payment_account", ["account_id"], ["id"])
    op.execute("UPDATE payment_attempt SET account_id = (SELECT id FROM payment_account WHERE active)")
