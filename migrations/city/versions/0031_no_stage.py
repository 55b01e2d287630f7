"""A case has no stage of its own: its state says which one it is in, and nothing ever wrote the column."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("case_file", "stage")
