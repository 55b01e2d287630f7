"""The stages on its way that a case was passed over.

Those of earlier cases are read off their history: the state behind a stage was reached by an event of stages, and the one before it
did not lead into the stage. What happened to a stage last counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None

_OF_EARLIER_CASES = """
    UPDATE case_file SET skipped_stages = passed.stages
    FROM (
        SELECT case_id, array_agg(stage ORDER BY last_id) AS stages
        FROM (
            SELECT DISTINCT ON (case_id, stage) case_id, stage, id AS last_id, came_from <> stage AND state <> stage AS skipped
            FROM (
                SELECT history_id AS case_id, id, name, data->>'state' AS state,
                    regexp_replace(data->>'state', '_done$', '') AS stage,
                    lag(data->>'state') OVER (PARTITION BY history_id ORDER BY id) AS came_from
                FROM event
                WHERE history_kind = 'case' AND data ? 'state'
            ) AS reached
            WHERE name = 'case.stage_passed'
            ORDER BY case_id, stage, id DESC
        ) AS newest
        WHERE skipped
        GROUP BY case_id
    ) AS passed
    WHERE case_file.id = passed.case_id
"""


def upgrade() -> None:
    op.add_column(
        "case_file", sa.Column("skipped_stages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.execute(_OF_EARLIER_CASES)


def downgrade() -> None:
    op.drop_column("case_file", "skipped_stages")
