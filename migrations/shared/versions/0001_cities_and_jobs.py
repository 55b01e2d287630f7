"""The list of cities, and the job queue that all of them share."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_kana", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, unique=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False, unique=True),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("center", postgresql.JSONB(), nullable=False),
        sa.Column("plane_srid", sa.BigInteger(), nullable=False),
    )
    cursor = op.get_bind().connection.cursor()
    cursor.execute(SchemaManager.get_schema())
    # A city may ask for a job and nothing else: it runs this one function as its owner, and reaches no table of the queue.
    cursor.execute(
        "ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"
        " SECURITY DEFINER SET search_path = shared, public"
    )
    cursor.execute("GRANT SELECT ON city TO madoguchi_shared, madoguchi_jobs")
    cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shared TO madoguchi_jobs")
    cursor.execute("REVOKE INSERT, UPDATE, DELETE ON city FROM madoguchi_jobs")
    cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA shared TO madoguchi_jobs")
