"""Lists that departments keep for every procedure of the city: made, imported, read.

A definition is published with what its lists say. After an import every procedure that uses the list is published once more, so that
a case keeps what it was sent with, as it keeps its version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.identity import belongings
from portal.procedures import events
from portal.procedures.list_csv import ListContent
from portal.procedures.list_models import SharedList, SharedListVersion
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.republishing import fault_of, refuse_unreadable, start
from portal.procedures.shared_rows import lists_in_force, newest_versions

__all__ = ["events"]


@dataclass(frozen=True)
class ListChange:
    """What an import would change: keys of rows by what happens to them, types of columns, and the procedures that use the list.

    `faults` are the titles of those that could not be published with it, with the first reason.
    """

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    columns: Sequence[str]
    procedures: Sequence[str]
    faults: Mapping[str, str]


def create_list(session: Session, key: str, title: str, department_id: int, actor: Actor) -> SharedList:
    """Make a list without rows. Raises Conflict for a key that is taken."""
    if session.scalar(select(SharedList.id).where(SharedList.key == key)) is not None:
        raise Conflict("このキーは、もう使われています。ほかのキーにしてください。")
    made = SharedList(key=key, title=title, department_id=department_id, created_at=now())
    session.add(made)
    session.flush()
    record(session, Subject("list", made.id), "list.created", actor, key=key)
    return made


def list_of(session: Session, key: str) -> SharedList:
    """A list by its key. Raises NotFound."""
    shared_list = session.scalar(select(SharedList).where(SharedList.key == key))
    if shared_list is None:
        raise NotFound("この表は見つかりません。")
    return shared_list


def all_lists(session: Session) -> list[tuple[SharedList, int | None, int]]:
    """Every list with the number of its newest version and how many rows that has, by title."""
    newest = newest_versions()
    query = (
        select(SharedList, SharedListVersion.number, func.coalesce(func.jsonb_array_length(SharedListVersion.rows), 0))
        .outerjoin(newest, newest.c.list_id == SharedList.id)
        .outerjoin(
            SharedListVersion,
            (SharedListVersion.list_id == SharedList.id) & (SharedListVersion.number == newest.c.number),
        )
        .order_by(SharedList.title, SharedList.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def list_versions(session: Session, shared: SharedList) -> list[SharedListVersion]:
    """Every version of a list, the newest first."""
    query = select(SharedListVersion).where(SharedListVersion.list_id == shared.id)
    return list(session.scalars(query.order_by(SharedListVersion.number.desc())))


def content_of(version: SharedListVersion) -> ListContent:
    """What a version says."""
    return ListContent([(name, kind) for name, kind in version.columns], version.rows)


def change_by(session: Session, shared: SharedList, content: ListContent) -> ListChange:
    """What importing this would change; nothing is stored."""
    versions = list_versions(session, shared)
    before = content_of(versions[0]) if versions else ListContent(content.columns, ())
    old, new = _by_key(before, content.key), _by_key(content, content.key)
    types = dict(before.columns)
    lists = lists_in_force(session) | {shared.key: content.rows}
    using = _using(session, shared.key)
    faults = {title: fault for title, version in using if (fault := fault_of(session, version, lists))}
    return ListChange(
        added=[key for key in new if key not in old],
        changed=[key for key in new if key in old and new[key] != old[key]],
        removed=[key for key in old if key not in new],
        columns=[
            f"{name}: {types.get(name, '')} → {kind}" for name, kind in content.columns if types.get(name) != kind
        ],
        procedures=[title for title, _version in using],
        faults=faults,
    )


def import_list(
    session: Session, shared: SharedList, content: ListContent, actor: Actor, *, note: str | None, expected_version: int
) -> SharedListVersion:
    """Store a new version; the worker publishes what uses the list with it.

    `expected_version` is the version that the importer compared with, 0 for none. Raises Conflict when somebody imported since, and Invalid where a
    procedure could not be read with it.
    """
    lock_row(session, SharedList, SharedList.id == shared.id)
    versions = list_versions(session, shared)
    number = versions[0].number if versions else 0
    if number != expected_version:
        raise Conflict("ほかの職員が、この表を先に取り込みました。もう一度、取り込む前の確認からやり直してください。")
    using = _using(session, shared.key)
    refuse_unreadable(using, lists_in_force(session) | {shared.key: content.rows})
    version = SharedListVersion(
        list_id=shared.id,
        number=number + 1,
        columns=[list(column) for column in content.columns],
        rows=list(content.rows),
        note=note,
        staff_id=actor.id,
        imported_at=now(),
    )
    session.add(version)
    session.flush()
    reason = f"共有の表「{shared.title}」の第{version.number}版"
    start(session, "lists", shared.key, reason, using, department_id=shared.department_id, actor=actor)
    record(
        session,
        Subject("list", shared.id),
        "list.imported",
        actor,
        key=shared.key,
        number=version.number,
        rows=len(content.rows),
        procedures=len(using),
    )
    return version


def _by_key(content: ListContent, key: str) -> dict[str, list[Mapping[str, Any]]]:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in content.rows:
        rows.setdefault(str(row.get(key, "")), []).append(row)
    return rows


def _using(session: Session, key: str) -> list[tuple[str, ProcedureVersion]]:
    """The published versions that use a list, with their titles."""
    query = (
        select(ProcedureVersion)
        .join(Procedure, Procedure.current_version_id == ProcedureVersion.id)
        .where(cast(ProcedureVersion.document, JSONB).contains({"tables": [{"shared": key}]}))
        .order_by(Procedure.sort, Procedure.id)
    )
    return [(version.document["title"]["ja"], version) for version in session.scalars(query)]


belongings.declare_owned("list", SharedList.department_id)
