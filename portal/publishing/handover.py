"""A procedure that changes hands: a draft that names another department than the one to which the procedure belongs now."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from portal.identity.models import Department
from portal.procedures.models import Procedure


@dataclass(frozen=True)
class Handover:
    """From which department to which; publishing makes it so for new applications, and running cases stay."""

    from_title: str
    to_id: int
    to_title: str


def handover(session: Session, procedure: Procedure, definition: Definition | None) -> Handover | None:
    """The change of department that publishing this definition brings; None for none, and for a department that is not there."""
    if definition is None:
        return None
    to = session.scalar(select(Department).where(Department.key == definition.department))
    if to is None or to.id == procedure.department_id:
        return None
    former = session.get(Department, procedure.department_id)
    return Handover(former.title["ja"] if former else "", to.id, to.title["ja"])
