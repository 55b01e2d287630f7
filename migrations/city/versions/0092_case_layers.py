"""The cases of a procedure are read as a layer: page by page by staff and programs, and while they are permitted by everybody."""

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_case_place_procedure", "case_place", ["procedure_key", "id"], postgresql_include=["department_id"]
    )
    op.create_index("ix_case_place_procedure_state", "case_place", ["procedure_key", "state", "ends_on"])
