"""Colleagues who are named in notes, and how they want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_mention",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("mentioned_by", sa.BigInteger(), nullable=True),
        sa.Column("mentioned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_mention_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["case_note.id"], name=op.f("fk_case_mention_note_id_case_note"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_mention_staff_id_staff")),
        sa.ForeignKeyConstraint(["mentioned_by"], ["staff.id"], name=op.f("fk_case_mention_mentioned_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_mention")),
    )
    op.create_index("ix_case_mention_case_id", "case_mention", ["case_id"])
    op.create_index("ix_case_mention_note_id", "case_mention", ["note_id"])
    op.create_index(
        "ix_case_mention_unread", "case_mention", ["staff_id", "id"], postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "case_mention_setting",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_mention_setting_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_case_mention_setting")),
    )


def downgrade() -> None:
    op.drop_table("case_mention_setting")
    op.drop_table("case_mention")
