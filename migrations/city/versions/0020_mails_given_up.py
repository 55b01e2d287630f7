"""A mail that cannot arrive says so, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_message", sa.Column("reason", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_mail_message_status"), "mail_message")
    op.create_check_constraint(
        op.f("ck_mail_message_status"), "mail_message", "status IN ('waiting', 'sent', 'failed', 'undeliverable')"
    )
    op.create_index(
        "ix_mail_message_given_up",
        "mail_message",
        ["id"],
        postgresql_where=sa.text("status IN ('failed', 'undeliverable')"),
    )
