"""Roles that a city makes itself beside the built-in ones: what they are called, where they are held, and what they let people do."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import declared_rights
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row, lock_rows
from portal.core.text import listed
from portal.identity.models import CityRole, Staff, StaffRole
from portal.identity.rights import ROLES
from portal.identity.staff_administration import management_scope

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
"""How definitions may write a role."""
_TAKEN: Final = frozenset({*ROLES, "applicant", "system"})
_MAX_TITLE_LENGTH: Final = 30
_SEE: Final = "case.see"


def list_city_roles(session: Session) -> list[CityRole]:
    """Return the roles that the city made, in the order in which they came."""
    return list(session.scalars(select(CityRole).order_by(CityRole.id)))


def get_city_role(session: Session, key: str) -> CityRole:
    """Return the role with this key. Raises NotFound."""
    role = session.scalar(select(CityRole).where(CityRole.key == key))
    if role is None:
        raise NotFound("この役割はありません。")
    return role


def own_role_titles(session: Session) -> dict[str, str]:
    """Return what the roles that the city made are called, by their keys."""
    return {role.key: role.title for role in list_city_roles(session)}


def role_titles(session: Session) -> dict[str, str]:
    """Return what every role is called, by its key: the built-in ones, then the city's own."""
    return {**ROLES, **own_role_titles(session)}


def holders_of(session: Session, key: str) -> list[str]:
    """Return the names of everybody who holds a role, those with a closed account too, since they come back with it."""
    query = select(Staff.name, Staff.id).where(Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role == key)))
    return [row.name for row in session.execute(query.order_by(Staff.name, Staff.id))]


def grantable_rights() -> Mapping[str, str]:
    """The rights that a city's own role may carry, with their titles."""
    return {name: right.title for name, right in declared_rights().items() if right.grantable}


def create_city_role(
    session: Session, by: Actor, key: str, title: str, rights: Collection[str], *, city_wide: bool
) -> CityRole:
    """Add a role. Raises Forbidden for who does not manage the whole city's staff, Invalid for a key, title or right that may not be used."""
    if not KEY.match(key):
        sentence = "キーは、小文字で始まる40文字までの英小文字・数字・下線で書いてください(例：bucho)。"
        raise Invalid(sentence, {"key": sentence})
    _require_whole_city(session, by)
    roles = lock_rows(session, CityRole, order_by=[CityRole.id.asc()])
    if key in _TAKEN or any(role.key == key for role in roles):
        sentence = f"「{key}」というキーは、もう使われています。別のキーにしてください。"
        raise Invalid(sentence, {"key": sentence})
    role = CityRole(key=key, title=_title(title, roles), city_wide=city_wide, rights=_accepted_rights(rights), number=1)
    session.add(role)
    session.flush()
    _record(session, role, "city_role.created", by)
    return role


def change_city_role(
    session: Session,
    by: Actor,
    key: str,
    title: str,
    rights: Collection[str],
    *,
    city_wide: bool,
    expected_version: int,
) -> CityRole:
    """Change what a role is called and lets people do, from their next page on; `expected_version` is the `number` that the page showed.

    Raises as `create_city_role`, NotFound, and Conflict when somebody was faster, or when people hold it and it is to be held elsewhere.
    """
    _require_whole_city(session, by)
    roles = lock_rows(session, CityRole, order_by=[CityRole.id.asc()])
    role = _seen(next((row for row in roles if row.key == key), None), expected_version)
    if city_wide != role.city_wide and (holders := holders_of(session, key)):
        raise Conflict(
            f"{listed(holders)}がこの役割を持っているので、課ごとか市全体かは変えられません。先に、役割を外してください。"
        )
    role.title = _title(title, [row for row in roles if row.key != key])
    role.rights, role.city_wide, role.number = _accepted_rights(rights), city_wide, role.number + 1
    session.flush()
    _record(session, role, "city_role.changed", by)
    return role


def delete_city_role(session: Session, by: Actor, key: str, expected_version: int) -> None:
    """Take a role out. Raises NotFound, Forbidden, Conflict while somebody holds it or when somebody changed it meanwhile.

    Who calls it has locked the role (`lock_city_role`) and seen that nothing names it.
    """
    role = _seen(lock_city_role(session, by, key), expected_version)
    if holders := holders_of(session, key):
        raise Conflict(f"{listed(holders)}がこの役割を持っているので、消せません。先に、役割を外してください。")
    record(session, Subject("city_role", role.id), "city_role.removed", by, key=role.key)
    session.delete(role)
    session.flush()


def lock_city_role(session: Session, by: Actor, key: str) -> CityRole:
    """Return a role, locked: nobody gives it to staff or publishes a definition with it until the transaction ends. Raises NotFound, Forbidden."""
    _require_whole_city(session, by)
    role = lock_row(session, CityRole, CityRole.key == key)
    if role is None:
        raise NotFound("この役割はありません。")
    return role


def keep_city_roles(session: Session, keys: Collection[str]) -> None:
    """Keep roles from being taken out until the transaction ends. Raises Conflict for one that is not there any more."""
    own = sorted(set(keys) - _TAKEN)
    if not own:
        return
    rows = lock_rows(session, CityRole, CityRole.key.in_(own), order_by=[CityRole.id.asc()])
    if missing := set(own) - {row.key for row in rows}:
        raise Conflict(f"役割「{'、'.join(sorted(missing))}」は、もうありません。")


def _require_whole_city(session: Session, by: Actor) -> None:
    if not management_scope(session, by).everywhere:
        raise Forbidden("市の役割は、すべての課の管理者だけが変えられます。")


def _seen(role: CityRole | None, expected_version: int) -> CityRole:
    if role is None:
        raise NotFound("この役割はありません。")
    if role.number != expected_version:
        raise Conflict("ほかの人が先に変えました。いまの内容を見て、もう一度変えてください。")
    return role


def _title(title: str, others: Collection[CityRole]) -> str:
    title = " ".join(title.split())
    sentence = None
    if not title or len(title) > _MAX_TITLE_LENGTH:
        sentence = f"名前を、{_MAX_TITLE_LENGTH}文字までで入力してください。"
    elif title in {*ROLES.values(), *(role.title for role in others)}:
        sentence = f"「{title}」という役割は、もうあります。別の名前にしてください。"
    if sentence is not None:
        raise Invalid(sentence, {"title": sentence})
    return title


def _accepted_rights(rights: Collection[str]) -> list[str]:
    accepted = [name for name in grantable_rights() if name in rights]
    if any(name.startswith("case.") for name in accepted) and _SEE not in accepted:
        sentence = f"案件についての権限には、「{grantable_rights()[_SEE]}」も要ります。"
        raise Invalid(sentence, {"rights": sentence})
    return accepted


def _record(session: Session, role: CityRole, event: str, by: Actor) -> None:
    scope = "city" if role.city_wide else "department"
    record(session, Subject("city_role", role.id), event, by, key=role.key, rights=list(role.rights), scope=scope)
