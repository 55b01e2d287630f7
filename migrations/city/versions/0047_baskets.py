"""An order whose charges another one took over names it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_order", sa.Column("replaced_by_id", sa.BigInteger()))
    op.create_foreign_key(
        "fk_payment_order_replaced_by_id", "payment_order", "payment_order", ["replaced_by_id"], ["id"]
    )
