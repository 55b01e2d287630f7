"""The rows of the lists that the city shares, as they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from portal.procedures.list_models import SharedList, SharedListVersion


def lists_in_force(session: Session) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The rows of every list by its key, as they are now; lists that were never filled are left out."""
    newest = newest_versions()
    query = (
        select(SharedList.key, SharedListVersion.rows)
        .join(SharedListVersion, SharedListVersion.list_id == SharedList.id)
        .join(
            newest,
            (newest.c.list_id == SharedListVersion.list_id) & (newest.c.number == SharedListVersion.number),
        )
    )
    return {row.key: row.rows for row in session.execute(query)}


def lists_for(session: Session, source: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The lists that the text of a definition may name: none are read for one that does not speak of any."""
    return lists_in_force(session) if "shared" in source else {}


def newest_versions() -> Subquery:
    """The number of the newest version of each list."""
    return (
        select(SharedListVersion.list_id, func.max(SharedListVersion.number).label("number"))
        .group_by(SharedListVersion.list_id)
        .subquery()
    )
