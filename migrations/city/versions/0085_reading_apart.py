"""Columns of layers keep their order, and COPY brings features for the intake that its transaction names."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

EMPTY = sa.text("'{}'::json")


def upgrade() -> None:
    op.alter_column("layer_version", "columns", server_default=None)
    op.alter_column("layer_version", "columns", type_=sa.JSON(), postgresql_using="columns::json")
    op.alter_column("layer_version", "columns", server_default=EMPTY)
    op.add_column("layer_intake", sa.Column("columns", sa.JSON(), server_default=EMPTY, nullable=False))
    intake = sa.text("(current_setting('geo.intake'::text))::bigint")
    op.alter_column("layer_intake_feature", "intake_id", server_default=intake)
