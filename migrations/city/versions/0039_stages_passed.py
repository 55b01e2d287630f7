"""A stage at a state may be done without a form, or passed over."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_stage_form", sa.Column("skipped", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
