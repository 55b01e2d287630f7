"""Cases that are joined, because several people told of the same thing."""

import sqlalchemy as sa
from alembic import op

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_join",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_join_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["case_file.id"], name=op.f("fk_case_join_lead_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_join_staff_id_staff")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_join")),
    )
    op.create_index("ix_case_join_lead_id", "case_join", ["lead_id"])


def downgrade() -> None:
    op.drop_table("case_join")
