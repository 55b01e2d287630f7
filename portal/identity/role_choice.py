"""A box for each role in each department, and what was ticked; for every page on which roles are chosen."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.events import Actor
from portal.core.text import _
from portal.identity.city_roles import list_city_roles, role_titles
from portal.identity.departments import list_departments
from portal.identity.rights_in_words import EVERYWHERE
from portal.identity.staff_administration import RoleSet, management_scope, roles_of
from portal.identity.staff_forms import RoleBoxes


def chosen_roles(session: Session, form: RoleBoxes) -> RoleSet:
    """Return the ticked boxes, `DEPARTMENT:ROLE`; what no page offers is left out."""
    department_ids = {str(department.id): department.id for department in list_departments(session)}
    known, chosen = role_titles(session), set[tuple[int | None, str]]()
    for box in form.role.data:
        department, _colon, role = box.rpartition(":")
        if role in known and (department == "*" or department in department_ids):
            chosen.add((department_ids.get(department), role))
    return frozenset(chosen)


def chosen_for(session: Session, by: Actor, staff_id: int, form: RoleBoxes) -> RoleSet:
    """Return the ticked boxes for somebody who has roles already: those in departments that `by` does not manage stay."""
    reach = management_scope(session, by)
    beyond = {held for held in roles_of(session, staff_id) if not reach.covers(frozenset({held}))}
    return chosen_roles(session, form) | beyond


def box_values(roles: RoleSet) -> list[str]:
    """Return the values of the boxes of these roles, in one order."""
    return sorted(f"{'*' if department is None else department}:{role}" for department, role in roles)


def offer_boxes(session: Session, by: Actor, form: RoleBoxes, chosen: RoleSet) -> dict[str, Any]:
    """Offer a box for each role in each department, the first row for all of them; return the titles of rows and columns.

    A box in a department that `by` does not manage is disabled, and there is none where a role of the city's own is not held.
    """
    reach = management_scope(session, by)
    titles = role_titles(session)
    city_wide = {role.key: role.city_wide for role in list_city_roles(session)}
    rows: list[tuple[int | None, str, str]] = [(None, "*", _(EVERYWHERE))]
    rows += [(department.id, str(department.id), department.title["ja"]) for department in list_departments(session)]
    form.role.choices = [
        (
            f"{key}:{role}",
            f"{title} {role_title}",
            {"disabled": not reach.covers(frozenset({(department, "")}))}
            if city_wide.get(role) in (None, department is None)
            else {"absent": True},
        )
        for department, key, title in rows
        for role, role_title in titles.items()
    ]
    form.role.data = box_values(chosen)
    return {"roles": titles, "departments": [title for _id, _key, title in rows]}
