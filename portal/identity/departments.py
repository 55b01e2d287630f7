"""The departments of a city: procedures and cases belong to one, and staff hold their roles in one."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.errors import Invalid
from portal.identity.models import Department

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
"""How definitions may write `department:`."""


def list_departments(session: Session) -> list[Department]:
    """Return every department, in the city's order."""
    return list(session.scalars(select(Department).order_by(Department.sort, Department.id)))


def get_department(session: Session, department_id: int) -> Department:
    """Return a department that something refers to."""
    return session.get_one(Department, department_id)


def department_by_key(session: Session, key: str) -> Department | None:
    """Return the department with this key, as definitions name it; None when the city has none."""
    return session.scalar(select(Department).where(Department.key == key))


def department_title(department_id: SQLColumnExpression[int]) -> ScalarSelect[dict[str, Any]]:
    """Return the title of the department of a column, as an expression for the statements of others."""
    return select(Department.title).where(Department.id == department_id).correlate_except(Department).scalar_subquery()


def department_id_named(name: BindParameter[Any]) -> ScalarSelect[int]:
    """Return the id of the department with this key, or else with this Japanese title, as an expression; NULL for none."""
    return (
        select(Department.id)
        .where(or_(Department.key == name, Department.title["ja"].astext == name))
        .order_by(Department.key != name, Department.sort)
        .limit(1)
        .scalar_subquery()
    )


def save_department(
    session: Session,
    key: str,
    title: Mapping[str, str],
    *,
    phone: str | None,
    place: str | None,
    position: tuple[float, float] | None = None,
) -> Department:
    """Add a department at the end of the list, or change the one with that key; `position` is longitude and latitude.

    Raises Invalid for a malformed key, and for a position that is none.
    """
    if position is not None and not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        raise Invalid("場所は、経度、緯度の順に書いてください。", {"position": "例: 139.4077 35.714"})
    if not KEY.match(key):
        raise Invalid("部署のキーは、小文字の英数字とハイフンで書いてください。", {"key": "例: road-management"})
    department = department_by_key(session, key)
    if department is None:
        last = session.scalar(select(func.max(Department.sort)))
        department = Department(key=key, sort=0 if last is None else last + 1)
        session.add(department)
    department.title, department.phone, department.place = dict(title), phone, place
    department.position = list(position) if position is not None else None
    session.flush()
    return department
