"""Departments have a mail address and hours, and close: what belongs to one then belongs to its successor, also what comes at that moment."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0114"
branch_labels = None
depends_on = None

FOLLOWING = (
    *("case_consultation", "case_file", "case_place", "case_view", "city_word", "news_article"),
    *("procedure", "program_key", "republication", "shared_list", "staff_role", "till"),
)

FUNCTION = """
CREATE FUNCTION follow_department() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open_department bigint;
BEGIN
    SELECT coalesce(successor_id, id) INTO open_department FROM department WHERE id = NEW.department_id FOR KEY SHARE;
    IF FOUND THEN
        NEW.department_id := open_department;
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column("department", sa.Column("mail", sa.Text()))
    op.add_column("department", sa.Column("hours", sa.Text()))
    op.add_column("department", sa.Column("number", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("department", sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.add_column("department", sa.Column("successor_id", sa.BigInteger()))
    op.create_foreign_key("fk_department_successor_id", "department", "department", ["successor_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_department_closed"), "department", "(closed_at IS NULL) = (successor_id IS NULL)"
    )
    op.execute(FUNCTION)
    for table in FOLLOWING:
        op.execute(
            f"CREATE TRIGGER follow_department BEFORE INSERT OR UPDATE OF department_id ON {table} FOR EACH ROW"
            " WHEN (NEW.department_id IS NOT NULL) EXECUTE FUNCTION follow_department()"
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION follow_department CASCADE")
    for column in ("successor_id", "closed_at", "number", "hours", "mail"):
        op.drop_column("department", column)
