"""Reading procedures: which the city offers now, and their versions."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Integer, ScalarSelect, Select, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, aliased

from forms import Definition
from portal.core.errors import NotFound
from portal.identity import department_title, staff_name
from portal.procedures.definitions import definitions_of
from portal.procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True)
class Offer:
    """A procedure with its published version."""

    procedure_id: int
    key: str
    department_id: int
    department: Mapping[str, Any]
    version_id: int
    number: int
    definition: Definition


@dataclass(frozen=True)
class ProcedureSummary:
    """A procedure in short: its published version and its draft, if it has them."""

    key: str
    title: str
    department_id: int
    version_id: int | None
    number: int | None
    published_at: datetime | None
    draft_number: int | None
    edited_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class PublishedVersion:
    """A version that is or was published: when, by whom and why."""

    version_id: int
    number: int
    status: str
    published_at: datetime | None
    note: str | None
    publisher: str | None


@dataclass(frozen=True)
class NamedVersion:
    """A version in short: its state, and what its procedure is called in it."""

    id: int
    status: str
    title: str


_PUBLISHED = (
    select(
        Procedure.id,
        Procedure.key,
        Procedure.department_id,
        cast(department_title(Procedure.department_id), Text),
        ProcedureVersion.id,
        ProcedureVersion.number,
    )
    .join(ProcedureVersion, ProcedureVersion.id == Procedure.current_version_id)
    .where(ProcedureVersion.status == "published")
    .order_by(Procedure.sort, Procedure.id)
)
_OFFERED = _PUBLISHED.where(Procedure.closed_at.is_(None))
_OFFER = _OFFERED.where(Procedure.key == bindparam("key"))
# Kept, as most pages ask for one of them: building it and finding its SQL takes as long as its rows.


def _read(session: Session, query: Select[int, str, int, str, int, int], **values: Any) -> list[Offer]:
    rows = session.execute(query, values).all()
    definitions = definitions_of(session, [version_id for _id, _key, _department, _title, version_id, _number in rows])
    return [
        Offer(procedure_id, key, department_id, _title(title), version_id, number, definitions[version_id])
        for procedure_id, key, department_id, title, version_id, number in rows
    ]


@lru_cache(maxsize=1_000)
def _title(text: str) -> Mapping[str, Any]:
    """The title of a department, which many procedures share."""
    title: Mapping[str, Any] = json.loads(text)
    return title


def offers(session: Session) -> list[Offer]:
    """Return every procedure that takes applications now, in the city's order."""
    return _read(session, _OFFERED)


def published_procedures(session: Session) -> list[Offer]:
    """Return every procedure that has a version in force, those that take no applications now too, in the city's order."""
    return _read(session, _PUBLISHED)


def offer(session: Session, key: str) -> Offer:
    """Return a procedure that takes applications now. Raises NotFound."""
    offers = _read(session, _OFFER, key=key)
    if not offers:
        raise NotFound("この手続きは、いま受け付けていません。")
    return offers[0]


def procedure(session: Session, key: str) -> Procedure:
    """Return a procedure, offered or not. Raises NotFound."""
    row = find_procedure(session, key)
    if row is None:
        raise NotFound("この手続きは見つかりません。")
    return row


def find_procedure(session: Session, key: str) -> Procedure | None:
    """Return a procedure, offered or not; None when the city has none with this key."""
    return session.scalar(select(Procedure).where(Procedure.key == key))


def procedure_keys(session: Session) -> set[str]:
    """Return the keys of every procedure, offered or not."""
    return set(session.scalars(select(Procedure.key)))


def procedure_summaries(session: Session, department_ids: Collection[int]) -> list[ProcedureSummary]:
    """Return the procedures of these departments, in the city's order."""
    published, draft = aliased(ProcedureVersion), aliased(ProcedureVersion)
    query: Any = (
        select(
            Procedure.key,
            published.document,
            Procedure.department_id,
            published.id,
            published.number,
            published.published_at,
            draft.number,
            draft.edited_at,
            Procedure.closed_at,
        )
        .outerjoin(published, published.id == Procedure.current_version_id)
        .outerjoin(draft, (draft.procedure_id == Procedure.id) & (draft.status == "draft"))
        .where(Procedure.department_id.in_(department_ids))
        .order_by(Procedure.sort, Procedure.id)
    )
    return [
        ProcedureSummary(key, (document or {}).get("title", {}).get("ja", key), *columns)
        for key, document, *columns in session.execute(query).all()
    ]


def procedure_titles(session: Session) -> dict[str, str]:
    """Return what every procedure is called, by its key; what was never published is called by its key.

    Titles come from the definitions that the process keeps: the documents are large, and none is read for its title alone.
    """
    query = select(Procedure.key, Procedure.current_version_id).order_by(Procedure.sort, Procedure.id)
    versions = {row.key: row.current_version_id for row in session.execute(query)}
    definitions = definitions_of(session, [version_id for version_id in versions.values() if version_id])
    return {
        key: definitions[version_id].title.for_language("ja") if version_id else key
        for key, version_id in versions.items()
    }


def versions_naming_role(session: Session, key: str) -> list[NamedVersion]:
    """Return the versions, without drafts, whose definitions name a role of the city's own."""
    document = ProcedureVersion.document
    query = select(ProcedureVersion.id, ProcedureVersion.status, document["title"]["ja"].astext).where(
        ProcedureVersion.status != "draft", document["vocabulary"]["roles"][key].astext.is_not(None)
    )
    return [NamedVersion(*row) for row in session.execute(query)]


def owning_department_id(procedure_key: BindParameter[Any]) -> ScalarSelect[int]:
    """Return the id of the department to which a procedure belongs, as an expression for the statements of others."""
    return select(Procedure.department_id).where(Procedure.key == procedure_key).scalar_subquery()


def versions(session: Session, procedure_id: int) -> list[ProcedureVersion]:
    """Return every version of a procedure, newest first."""
    query = select(ProcedureVersion).where(ProcedureVersion.procedure_id == procedure_id)
    return list(session.scalars(query.order_by(ProcedureVersion.number.desc())))


def version_numbers(version_id: int) -> ScalarSelect[Any]:
    """Return the number of a version and that of the one that residents get now (NULL without one), for a statement of others."""
    version, published = aliased(ProcedureVersion), aliased(ProcedureVersion)
    now_published = select(func.max(published.number)).where(
        published.procedure_id == version.procedure_id, published.status == "published"
    )
    return (
        select(array([version.number, now_published.scalar_subquery()]))
        .where(version.id == version_id)
        .scalar_subquery()
    )


def draft_of(session: Session, procedure: Procedure) -> ProcedureVersion | None:
    """Return the version being edited; None when there is none."""
    return session.scalar(
        select(ProcedureVersion).where(
            ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.status == "draft"
        )
    )


def current_version(session: Session, procedure: Procedure) -> ProcedureVersion | None:
    """Return the published version; None before the first one is published."""
    version_id = procedure.current_version_id
    return session.get(ProcedureVersion, version_id) if version_id else None


def published_versions(session: Session, procedure_id: int) -> list[PublishedVersion]:
    """Return the versions of a procedure that are or were published, newest first."""
    query = _published().where(ProcedureVersion.procedure_id == procedure_id, ProcedureVersion.status != "draft")
    return [PublishedVersion(*row) for row in session.execute(query.order_by(ProcedureVersion.number.desc()))]


def _published() -> Any:
    return select(
        ProcedureVersion.id,
        ProcedureVersion.number,
        ProcedureVersion.status,
        ProcedureVersion.published_at,
        ProcedureVersion.note,
        staff_name(ProcedureVersion.published_by),
    )


def versions_by_retention(session: Session, default_years: int) -> list[tuple[int, tuple[int, ...]]]:
    """Return the ids of all versions but drafts, grouped by the years of their `retention_years`, in ascending order."""
    years = func.coalesce(cast(ProcedureVersion.document["retention_years"].astext, Integer), default_years)
    query = select(years, func.array_agg(ProcedureVersion.id)).where(ProcedureVersion.status != "draft")
    return [(count, tuple(ids)) for count, ids in session.execute(query.group_by(years).order_by(years)).all()]
