"""The offices of a city: procedures and cases belong to one, and staff hold their roles in one."""

import re
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.identity.models import Department

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
"""How definitions may write `department:`."""


def departments(session: Session) -> list[Department]:
    """Every department, in the city's order."""
    return list(session.scalars(select(Department).order_by(Department.sort, Department.id)))


def save_department(
    session: Session, key: str, title: Mapping[str, str], *, phone: str | None, place: str | None
) -> Department:
    """Add a department at the end of the list, or change the one of that key. Raises Invalid for a key nobody could write."""
    if not KEY.match(key):
        raise Invalid("部署のキーは、小文字の英数字とハイフンで書いてください。", {"key": "例: road-management"})
    found = session.scalar(select(Department).where(Department.key == key))
    if found is None:
        last = session.scalar(select(func.max(Department.sort)))
        found = Department(key=key, sort=0 if last is None else last + 1)
        session.add(found)
    found.title, found.phone, found.place = dict(title), phone, place
    session.flush()
    return found
