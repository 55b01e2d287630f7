"""Search terms know which version made them, and a case is found by the end of its number.

The terms themselves are written again by a job: answers are sealed with keys that a migration does not have.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_file", sa.Column("search_version", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index("ix_case_file_search_version", "case_file", ["search_version", "id"])
    op.create_index("ix_case_file_number_end", "case_file", [sa.text("ltrim(split_part(number, '-', 3), '0')")])
