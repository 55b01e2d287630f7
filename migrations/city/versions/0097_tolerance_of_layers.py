"""How far the edges of layers may be off, of each layer and of the city's others; what layers gave for the place of a case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("layer", sa.Column("tolerance_m", sa.Double(), nullable=True))
    op.create_check_constraint("ck_layer_tolerance_m", "layer", "tolerance_m BETWEEN 0 AND 1000")
    op.create_table(
        "layer_setting",
        sa.Column("id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("tolerance_m", sa.Double(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name="ck_layer_setting_single"),
        sa.CheckConstraint("tolerance_m BETWEEN 0 AND 1000", name="ck_layer_setting_tolerance_m"),
        sa.PrimaryKeyConstraint("id", name="pk_layer_setting"),
    )
    findings = sa.Column("findings", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("case_place", findings)
