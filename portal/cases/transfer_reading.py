"""Where cases went that a department handed over to another one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.transfer_models import CaseTransfer
from portal.core.text import date_ja, pick
from portal.identity import list_departments, staff_name


@dataclass(frozen=True)
class OfficeChange:
    """A case that went from one department to another. `now_in` is the department that has it today."""

    case_id: int
    number: str
    title: str
    from_department_id: int
    to_department_id: int
    now_in: int
    by: str | None
    at: datetime
    message_id: int


def transfers_from(session: Session, departments: Collection[int], limit: int) -> list[OfficeChange]:
    """Return what these departments handed over, newest first. Plan: `ix_case_transfer_from`, then the cases by their key."""
    query = _changes().where(CaseTransfer.from_department_id.in_(departments))
    query = query.order_by(CaseTransfer.transferred_at.desc(), CaseTransfer.id.desc()).limit(limit)
    return [OfficeChange(*row) for row in session.execute(query).all()]


def transfers_of_case(session: Session, case_id: int) -> list[OfficeChange]:
    """Return the departments that handed a case over, oldest first. Plan: `ix_case_transfer_case_id`."""
    query = _changes().where(CaseTransfer.case_id == case_id).order_by(CaseTransfer.id)
    return [OfficeChange(*row) for row in session.execute(query).all()]


def where_it_went(session: Session, case_id: int, departments: Collection[int]) -> str | None:
    """Return the sentence for somebody whose department handed the case over: when, and who has it now. None for everybody else."""
    left = [change for change in transfers_of_case(session, case_id) if change.from_department_id in departments]
    if not left:
        return None
    titles = {department.id: pick(department.title, "ja") for department in list_departments(session, with_closed=True)}
    return f"この案件({left[-1].number})は、{date_ja(left[-1].at)}にほかの課へ移しました。いまは{titles[left[-1].now_in]}が担当しています。"


def _changes() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id, Case.number, Case.title, CaseTransfer.from_department_id, CaseTransfer.to_department_id,
            Case.department_id, staff_name(CaseTransfer.staff_id), CaseTransfer.transferred_at, CaseTransfer.message_id,
        )
        .join(Case, Case.id == CaseTransfer.case_id)
    )  # fmt: skip
