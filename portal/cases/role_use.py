"""Where a city's own role is used by procedures, and taking one out that nothing uses."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from portal.cases.models import Case, Draft
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.identity import city_roles
from portal.procedures import versions_naming_role


def procedures_naming(session: Session, key: str) -> list[str]:
    """Return the titles of the procedures that name a role: published ones, and former versions by which open cases and drafts still go."""
    versions = versions_naming_role(session, key)
    replaced = [version.id for version in versions if version.status != "published"]
    cases = select(Case.version_id).where(Case.version_id.in_(replaced), Case.closed_at.is_(None))
    running: set[int] = set()
    if replaced:
        begun = select(Draft.version_id).where(Draft.version_id.in_(replaced), Draft.case_id.is_(None))
        running = set(session.scalars(union(cases, begun)))
    return sorted({version.title for version in versions if version.status == "published" or version.id in running})


def remove_city_role(session: Session, by: Actor, key: str, expected_version: int) -> None:
    """Take a role out. Raises Conflict while a procedure or somebody of the staff needs it, or when somebody changed it meanwhile."""
    city_roles.lock_city_role(session, by, key)
    if titles := procedures_naming(session, key):
        raise Conflict(f"{'、'.join(titles)}が担当として使っているので、消せません。先に、手続きから外してください。")
    city_roles.delete_city_role(session, by, key, expected_version)
