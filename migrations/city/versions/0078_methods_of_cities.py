"""A city says by which ways it takes money without the provider, and whether money that is too much goes back by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

ALL = """'["cash", "card_reader", "slip"]'::jsonb"""


def upgrade() -> None:
    op.add_column("payment_policy", sa.Column("offline_methods", JSONB(), server_default=sa.text(ALL), nullable=False))
    for name in ("returns_duplicates", "returns_surplus"):
        op.add_column("payment_policy", sa.Column(name, sa.Boolean(), server_default=sa.text("true"), nullable=False))
