"""What roles let somebody do, in words: as they are, and what another choice of roles gives and takes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.access import declared_rights, rights_of
from portal.core.text import _
from portal.identity.city_roles import list_city_roles, role_titles
from portal.identity.departments import list_departments
from portal.identity.staff_administration import RoleSet

EVERYWHERE = "すべての課(これからできる課も)"
"""How the pages call a role that is held without a department."""


@dataclass(frozen=True)
class OfficeRights:
    """Titles of the roles that somebody holds in an office, and of the rights that come with these."""

    office: str
    roles: tuple[str, ...]
    rights: tuple[str, ...]


@dataclass(frozen=True)
class RightsChange:
    """One office in which roles change. `kept` are rights that would go with a role but stay by one that is held elsewhere."""

    office: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    kept: tuple[str, ...]


class _Words:
    """The titles of a city's roles, rights and offices, read once."""

    def __init__(self, session: Session) -> None:
        self.roles = role_titles(session)
        self._own = {role.key: frozenset(role.rights) for role in list_city_roles(session)}
        departments = list_departments(session)
        self.offices = {None: _(EVERYWHERE)} | {row.id: row.title["ja"] for row in departments}

    def rights(self, roles: Iterable[str]) -> frozenset[str]:
        return frozenset(right for role in roles for right in self._own.get(role, rights_of(role)))

    def titles(self, rights: frozenset[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(right.title for name, right in declared_rights().items() if name in rights))

    def role_titles(self, roles: Iterable[str]) -> tuple[str, ...]:
        held = set(roles)
        return tuple(title for role, title in self.roles.items() if role in held)


def rights_by_office(session: Session, roles: RoleSet) -> list[OfficeRights]:
    """Return what these roles let somebody do, office by office, first what they let them do everywhere."""
    words, held = _Words(session), _by_office(roles)
    return [
        OfficeRights(title, words.role_titles(held[office]), words.titles(words.rights(held[office])))
        for office, title in words.offices.items()
        if held[office]
    ]


def changes_by_office(session: Session, before: RoleSet, after: RoleSet) -> list[RightsChange]:
    """Return the offices in which roles differ, with what somebody may do there from now on and what no longer.

    What is held in every office counts in each of them: losing a role there takes nothing away that it gives too.
    """
    words, old, new = _Words(session), _by_office(before), _by_office(after)
    changes = []
    for office, title in words.offices.items():
        if old[office] == new[office]:
            continue
        had, has = words.rights(old[office] | old[None]), words.rights(new[office] | new[None])
        own_loss = words.rights(old[office]) - words.rights(new[office])
        changes.append(
            RightsChange(
                title,
                words.role_titles(old[office]),
                words.role_titles(new[office]),
                words.titles(has - had),
                words.titles(had - has),
                words.titles(own_loss & has),
            )
        )
    return changes


def offices_with_role(session: Session, roles: RoleSet) -> frozenset[int]:
    """Return the ids of the departments in which somebody with these roles works, each where a role is held everywhere."""
    if any(department is None for department, _role in roles):
        return frozenset(row.id for row in list_departments(session))
    return frozenset(department for department, _role in roles if department is not None)


def _by_office(roles: RoleSet) -> defaultdict[int | None, set[str]]:
    held: defaultdict[int | None, set[str]] = defaultdict(set)
    for department, role in roles:
        held[department].add(role)
    return held
