"""Other departments that are asked about a case (照会): what waits on whose desk, since when."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_consultation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_consultation_case_id_case_file", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_case_consultation_department_id_department"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_consultation"),
    )
    op.create_index("ix_case_consultation_case_id", "case_consultation", ["case_id"])
    op.create_index(
        "ix_case_consultation_open",
        "case_consultation",
        ["department_id", "asked_at"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
