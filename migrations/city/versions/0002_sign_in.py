"""Links to drafts name the draft as people's addresses do; the trail of staff sign-ins says from where, and can only be added to."""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("login_code", "draft_id")
    op.add_column("login_code", sa.Column("draft", sa.Text(), nullable=True))
    op.add_column("staff_sign_in", sa.Column("address", sa.Text(), server_default="", nullable=False))
    op.execute(f'REVOKE UPDATE, DELETE ON staff_sign_in FROM "{context.config.attributes["schema"]}"')
