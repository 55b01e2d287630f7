"""What the desk's list of open cases is sorted by, as SQL on `case_file`, and the partial indexes that have these orders.

Open cases are an eighth of all. Indexes and statements are written with the same words: only then does the planner see that they agree.
"""

from typing import Final

from sqlalchemy import Index, text

from common.status import STATUSES

LAST: Final = 2**62
"""Behind every number that a column holds: who is on nobody's desk, and what has no place, comes last."""
STATUS_RANK: Final = "\nCASE case_file.status\n{}\nELSE NULL\nEND".format(
    "\n".join(f"WHEN '{status}' THEN {rank}" for rank, status in enumerate(STATUSES))
)
"""As work goes on. Broken into lines as PostgreSQL writes it, so that models and migrations can be compared."""
DESK: Final = f"coalesce(case_file.assignee_id, {LAST})"
FEE_TOTAL: Final = "coalesce((case_file.fee ->> 'total')::bigint, 0)"
"""What the fee of a case comes to in yen; nothing counts as 0."""


_FILTERED_BY = (
    "status",
    "procedure_key",
    "assignee_id",
    "channel",
    "answer_by",
    "submitted_at",
    "starts_on",
    "ends_on",
)
_OPEN = text("closed_at IS NULL")


def order_indexes() -> tuple[Index, ...]:
    """The indexes. That of due days in a department holds what is filtered by, so that open cases are counted inside it."""
    due = Index(
        "ix_case_file_open_due",
        *("department_id", "due_on", "id"),
        postgresql_include=list(_FILTERED_BY),
        postgresql_where=_OPEN,
    )
    columns = {
        "number": ("number",),
        "state": (STATUS_RANK, "due_on"),
        "desk": (DESK, "due_on"),
        "money": (FEE_TOTAL,),
    }
    others = (
        Index(f"ix_case_file_open_{name}", *(text(_column(part)) for part in (*parts, "id")), postgresql_where=_OPEN)
        for name, parts in columns.items()
    )
    return due, *others


def _column(part: str) -> str:
    """A column, or an expression in parentheses, as an index names it."""
    return part if part.isidentifier() else "({})".format(part.replace("case_file.", ""))
