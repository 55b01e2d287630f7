"""How many apply together with the applicant whom a case is listed under."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_file", sa.Column("co_applicants", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
