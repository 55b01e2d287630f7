"""A procedure that changes hands: a draft that names another department than the one to which the procedure belongs now."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms import Definition
from portal.identity import department_by_key, get_department
from portal.procedures import Procedure


@dataclass(frozen=True)
class Handover:
    """From which department to which. Publishing applies it to new applications; running cases stay."""

    from_title: str
    to_id: int
    to_title: str


def handover(session: Session, procedure: Procedure, definition: Definition | None) -> Handover | None:
    """Return the change of department that publishing this definition brings; None for none, and for an unknown department."""
    if definition is None:
        return None
    department = department_by_key(session, definition.department)
    if department is None or department.id == procedure.department_id:
        return None
    former = get_department(session, procedure.department_id)
    return Handover(former.title["ja"], department.id, department.title["ja"])
