"""The departments of a city: procedures and cases belong to one, and staff hold their roles in one."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from portal.core.locking import lock_rows
from portal.identity.models import Department


def list_departments(session: Session, *, with_closed: bool = False) -> list[Department]:
    """Return every department that is open, in the city's order; `with_closed`: those too that books and records still name, last."""
    query = select(Department).order_by(Department.closed_at.nulls_first(), Department.sort, Department.id)
    return list(session.scalars(query if with_closed else query.where(Department.closed_at.is_(None))))


def get_department(session: Session, department_id: int) -> Department:
    """Return a department that something refers to."""
    return session.get_one(Department, department_id)


def lock_departments(session: Session, department_ids: Collection[int]) -> dict[int, Department]:
    """Return these departments by id, closed ones too, held so that none of them closes until the transaction ends.

    Whoever locks a case besides locks them first.
    """
    rows = lock_rows(session, Department, Department.id.in_(department_ids), order_by=[Department.id.asc()])
    return {row.id: row for row in rows}


def department_by_key(session: Session, key: str) -> Department | None:
    """Return the open department that this key leads to, as definitions name it: its own, or one that it is the successor of."""
    named = select(func.coalesce(Department.successor_id, Department.id)).where(Department.key == key)
    return session.scalar(select(Department).where(Department.id == named.scalar_subquery()))


def departments_by_key(session: Session) -> dict[str, Department]:
    """Return the open departments by every key that leads to them, those of closed ones included."""
    departments = list_departments(session, with_closed=True)
    by_id = {department.id: department for department in departments}
    return {department.key: by_id[department.successor_id or department.id] for department in departments}


def department_title(department_id: SQLColumnExpression[int]) -> ScalarSelect[dict[str, Any]]:
    """Return the title of the department of a column, as an expression for the statements of others."""
    return select(Department.title).where(Department.id == department_id).correlate_except(Department).scalar_subquery()


def department_id_named(name: BindParameter[Any]) -> ScalarSelect[int]:
    """Return the id of the open department to which this key leads, or else with this Japanese title, as an expression; NULL for none."""
    return (
        select(func.coalesce(Department.successor_id, Department.id))
        .where(or_(Department.key == name, Department.title["ja"].astext == name))
        .order_by(Department.key != name, Department.closed_at.nulls_first(), Department.sort)
        .limit(1)
        .scalar_subquery()
    )
