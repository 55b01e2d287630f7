"""The columns that people choose for the table of cases, and who has which case open now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_columns",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_columns_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", "procedure_key", name="pk_case_columns"),
    )
    op.create_table(
        "case_presence",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_presence_case_id_case_file", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_presence_staff_id_staff"),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name="pk_case_presence"),
    )
    op.create_index("ix_case_presence_staff_id", "case_presence", ["staff_id"])
    op.create_index("ix_case_presence_seen_at", "case_presence", ["seen_at"])


def downgrade() -> None:
    op.drop_table("case_presence")
    op.drop_table("case_columns")
