"""A charge says whose revenue it is, so that the books can be divided by department and procedure."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charge", sa.Column("department_id", sa.BigInteger()))
    op.add_column("charge", sa.Column("procedure_key", sa.Text(), server_default="", nullable=False))
    op.create_foreign_key("fk_charge_department_id", "charge", "department", ["department_id"], ["id"])
    op.execute(
        "UPDATE charge SET department_id = case_file.department_id, procedure_key = case_file.procedure_key"
        " FROM case_file WHERE case_file.id = charge.case_id"
    )
