"""A draft can wait for the day from which it counts, and for a second person where its procedure wants one."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "procedure", sa.Column("needs_second_person", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "planned_publication",
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("needs_confirmation", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name="fk_planned_publication_procedure_id"),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_planned_publication_asked_by"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name="fk_planned_publication_confirmed_by"),
        sa.PrimaryKeyConstraint("procedure_id", name="pk_planned_publication"),
    )


def downgrade() -> None:
    op.drop_table("planned_publication")
    op.drop_column("procedure", "needs_second_person")
