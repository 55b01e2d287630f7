"""Chosen cases keep what would be done with them while somebody reads it once more."""

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("ck_bulk_action_begun", "bulk_action", type_="check")
    op.create_check_constraint("ck_bulk_action_begun", "bulk_action", "state = 'chosen' OR act IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE bulk_action SET act = NULL, assignee_id = NULL, body = '' WHERE state = 'chosen'")
    op.drop_constraint("ck_bulk_action_begun", "bulk_action", type_="check")
    op.create_check_constraint("ck_bulk_action_begun", "bulk_action", "(state = 'chosen') = (act IS NULL)")
