"""The orders of the desk's list of open cases, each as a partial index: by number, state, desk and fee. That of due days holds what is
filtered by, so that open cases are counted inside it.
"""

from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

_ORDERS = {
    "number": "number, id",
    "state": (
        "(CASE status WHEN 'new' THEN 0 WHEN 'review' THEN 1 WHEN 'fix' THEN 2 WHEN 'wait' THEN 3 WHEN 'ok' THEN 4 WHEN 'no' THEN 5 END),"
        " due_on, id"
    ),
    "desk": "coalesce(assignee_id, 4611686018427387904), due_on, id",
    "money": "coalesce(CAST(fee ->> 'total' AS bigint), 0), id",
}
_DUE = "CREATE INDEX ix_case_file_open_due ON case_file (department_id, due_on, id)"
_FILTERED = "INCLUDE (status, procedure_key, assignee_id, channel, answer_by, submitted_at, starts_on, ends_on)"
_OPEN = "WHERE closed_at IS NULL"


def upgrade() -> None:
    op.execute("DROP INDEX ix_case_file_open_due")
    op.execute(f"{_DUE} {_FILTERED} {_OPEN}")
    for name, columns in _ORDERS.items():
        op.execute(f"CREATE INDEX ix_case_file_open_{name} ON case_file ({columns}) {_OPEN}")


def downgrade() -> None:
    for name in _ORDERS:
        op.execute(f"DROP INDEX ix_case_file_open_{name}")
    op.execute("DROP INDEX ix_case_file_open_due")
    op.execute(f"{_DUE} {_OPEN}")
