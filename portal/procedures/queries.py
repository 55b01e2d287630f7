"""Which procedures the city offers now, and their versions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forms import Definition
from portal.core.errors import NotFound
from portal.identity.models import Department
from portal.procedures.definitions import definition_of
from portal.procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True)
class Offer:
    """A procedure with its published version."""

    procedure_id: int
    key: str
    department_id: int
    department: dict[str, Any]
    version_id: int
    number: int
    definition: Definition


def _offered() -> Select[Any]:
    return (
        select(
            Procedure.id,
            Procedure.key,
            Procedure.department_id,
            Department.title,
            ProcedureVersion.id,
            ProcedureVersion.number,
        )
        .join(ProcedureVersion, ProcedureVersion.id == Procedure.current_version_id)
        .join(Department, Department.id == Procedure.department_id)
        .where(Procedure.closed_at.is_(None), ProcedureVersion.status == "published")
    )


def _offer(session: Session, row: Any) -> Offer:
    procedure_id, key, department_id, department, version_id, number = row
    definition = definition_of(session, version_id)
    return Offer(procedure_id, key, department_id, department, version_id, number, definition)


def offers(session: Session) -> list[Offer]:
    """Every procedure that can be applied for now, in the city's order."""
    rows = session.execute(_offered().order_by(Procedure.sort, Procedure.id)).all()
    return [_offer(session, row) for row in rows]


def offer(session: Session, key: str) -> Offer:
    """One procedure that can be applied for now. Raises NotFound."""
    row = session.execute(_offered().where(Procedure.key == key)).first()
    if row is None:
        raise NotFound("この手続きは、いま受け付けていません。")
    return _offer(session, row)


def procedure(session: Session, key: str) -> Procedure:
    """A procedure, offered or not. Raises NotFound."""
    found = session.scalar(select(Procedure).where(Procedure.key == key))
    if found is None:
        raise NotFound("この手続きは見つかりません。")
    return found


def versions(session: Session, procedure_id: int) -> list[ProcedureVersion]:
    """Every version of a procedure, newest first."""
    query = select(ProcedureVersion).where(ProcedureVersion.procedure_id == procedure_id)
    return list(session.scalars(query.order_by(ProcedureVersion.number.desc())))
