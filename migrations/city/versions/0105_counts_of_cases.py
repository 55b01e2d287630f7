"""Counts of cases by cell and by day, and the changes that are not in them yet."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.create_table(
        "case_place_count",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.Column("case_ids", sa.BigInteger(), nullable=False),
        sa.Column("x", sa.BigInteger(), nullable=False),
        sa.Column("y", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "level", "procedure_key", "cell", "department_id", "status", name="pk_case_place_count"
        ),
    )
    op.create_table(
        "case_place_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("xid", sa.BigInteger(), server_default=sa.text("pg_current_xact_id()::text::bigint"), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("ground", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_place_change"),
    )
    op.create_index("ix_case_place_change_cell", "case_place_change", ["cell"])
    op.create_table(
        "case_day_count",
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("procedure_key", "department_id", "status", "is_open", "day", name="pk_case_day_count"),
    )
    op.create_table(
        "case_day_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_day_change"),
    )
    op.create_table(
        "case_count_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("late_as_of", sa.Date(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded_through", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_case_count_state_single"),
        sa.PrimaryKeyConstraint("id", name="pk_case_count_state"),
    )
    for name in ("case_place_changes.sql", "case_day_changes.sql"):
        op.get_bind().exec_driver_sql((_SQL / name).read_text(encoding="utf-8"))
    # What is there already counts as new; the worker's next round takes it into the counts.
    op.execute(
        "INSERT INTO case_place_change (n, case_id, cell, ground, procedure_key, department_id, status, due_on)"
        " SELECT 1, case_id, cell, ST_Envelope(geom), procedure_key, department_id, status, due_on"
        " FROM case_place WHERE cell IS NOT NULL"
    )
    op.execute(
        "INSERT INTO case_day_change (n, procedure_key, department_id, status, is_open, first_day, last_day)"
        " SELECT 1, procedure_key, department_id, status, closed_at IS NULL,"
        " first_day_of_case(starts_on, submitted_at), last_day_of_case(starts_on, ends_on, submitted_at) FROM case_file"
    )
