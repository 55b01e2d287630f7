"""Standard texts of departments, and the conditions of decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", postgresql.JSONB(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_standard_text_department_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_standard_text_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_text")),
    )
    op.create_index("ix_standard_text_department_id", "standard_text", ["department_id", "kind"])
    op.execute(
        "CREATE TRIGGER follow_department BEFORE INSERT OR UPDATE OF department_id ON standard_text FOR EACH ROW"
        " WHEN (NEW.department_id IS NOT NULL) EXECUTE FUNCTION follow_department()"
    )
    op.add_column("case_file", sa.Column("conditions", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_file", "conditions")
    op.drop_table("standard_text")
