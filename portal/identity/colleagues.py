"""Somebody of the staff, held while a case is put on their desk: nobody takes their roles or closes their account meanwhile."""

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session

from portal.core.locking import lock_row
from portal.identity.models import Staff, StaffRole


def lock_colleague(session: Session, staff_id: int, department_id: int) -> bool:
    """Whether this member of staff is active and holds a role in the department; it stays so until the transaction ends.

    Whoever locks a case besides locks it first.
    """
    if lock_row(session, Staff, Staff.id == staff_id, Staff.active.is_(True)) is None:
        return False
    # Asked after the lock, and apart from it: a statement that waited would judge by the roles from before.
    here = or_(StaffRole.department_id == department_id, StaffRole.department_id.is_(None))
    return bool(session.scalar(exists().where(StaffRole.staff_id == staff_id, here).select()))
