"""House numbers are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_layer_feature_address_key",
        "layer_feature",
        [sa.text("(properties ->> 'address_key')")],
        postgresql_where=sa.text("properties ? 'address_key'"),
    )
