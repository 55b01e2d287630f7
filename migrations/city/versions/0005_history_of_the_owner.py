"""Which migrations a city has is written by the owner alone; the serving role may look."""

from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f'REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM "{context.config.attributes["schema"]}"')
