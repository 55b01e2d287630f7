"""A city says on which days it is closed besides holidays, and at which hours its windows are open besides those of weekdays.

Both stand in the city's own row, which its policy lets the city alone change.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ADDED = ("closed_days", "window_hours")


def upgrade() -> None:
    for column in _ADDED:
        op.add_column("city", sa.Column(column, postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")))
    op.execute(f"GRANT UPDATE ({', '.join(_ADDED)}) ON city TO PUBLIC")


def downgrade() -> None:
    for column in reversed(_ADDED):
        op.drop_column("city", column)
