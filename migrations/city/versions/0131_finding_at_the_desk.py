"""Cases are found by the end of their number, by how they came, by answers that are late and by where their money stands."""

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Until now every application came online, or was opened by one that did.
    op.add_column("case_file", sa.Column("channel", sa.Text(), nullable=False, server_default="online"))
    backwards = sa.func.reverse(sa.text("number")).label("tail")
    op.create_index("ix_case_file_number_tail", "case_file", [backwards], postgresql_ops={"tail": "text_pattern_ops"})
    op.create_index(
        "ix_case_file_answer_by", "case_file", ["answer_by"], postgresql_where=sa.text("answer_by IS NOT NULL")
    )
    op.create_index(
        "ix_case_file_channel",
        "case_file",
        ["channel", "due_on", "id"],
        postgresql_where=sa.text("channel <> 'online'"),
    )
    op.create_index(
        "ix_charge_unsettled",
        "charge",
        ["status", "case_id"],
        postgresql_where=sa.text("status IN ('owed', 'pending', 'review')"),
    )
    op.create_index(
        "ix_refund_unsettled",
        "refund",
        ["order_id", "id"],
        postgresql_where=sa.text(
            "status IN ('requested', 'approved', 'pending', 'requires_action')"
            " OR (status = 'failed' AND handled_at IS NULL)"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_refund_unsettled", "refund")
    op.drop_index("ix_charge_unsettled", "charge")
    op.drop_index("ix_case_file_channel", "case_file")
    op.drop_index("ix_case_file_answer_by", "case_file")
    op.drop_index("ix_case_file_number_tail", "case_file")
    op.drop_column("case_file", "channel")
