"""Saving and publishing definitions. A published version is replaced by the next one and never changed."""

import hashlib
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import Definition, check, diff, document_of, load
from forms.definition.pictures import pictures_in
from forms.evaluation.vocabulary_use import roles_named
from forms.upgrading import LANGUAGE_VERSION
from portal.core import tenancy
from portal.core.clock import now, today
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.events import SYSTEM, Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.identity import belongings, city_roles, department_by_key, staff_names
from portal.procedures.definitions import definition_in, upgraded
from portal.procedures.models import PlannedPublication, Procedure, ProcedureVersion
from portal.procedures.pictures import pictures_of, publish_pictures
from portal.procedures.shared_rows import lists_for
from portal.procedures.vocabulary import vocabulary_in_force


def create_procedure(
    session: Session, key: str, department_key: str, sort: int = 0, *, by: Actor = SYSTEM
) -> Procedure:
    """Create a procedure without any version. Raises Invalid for a department that the city does not have."""
    procedure = Procedure(key=key, department_id=_department_id(session, department_key), sort=sort)
    session.add(procedure)
    session.flush()
    record(session, _subject(procedure), "procedure.created", by, key=key)
    return procedure


def _department_id(session: Session, key: str) -> int:
    department = department_by_key(session, key)
    if department is None:
        raise Invalid(_("「{department}」という部署はありません。", department=key), {"department": key})
    return department.id


def save_draft(
    session: Session, procedure: Procedure, source: str, staff_id: int | None, *, seen_digest: bytes | None = None
) -> ProcedureVersion:
    """Save the text of the draft, faulty or not.

    `seen_digest`: of the text that the editor had open. Raises Conflict when somebody else saved in between, so that no text is lost.
    """
    draft = _lock_draft(session, procedure)
    _refuse_while_planned(session, procedure)
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
    if draft is None:
        newest = session.scalar(
            select(ProcedureVersion.number)
            .where(ProcedureVersion.procedure_id == procedure.id)
            .order_by(ProcedureVersion.number.desc())
            .limit(1)
        )
        draft = ProcedureVersion(
            procedure_id=procedure.id, number=(newest or 0) + 1, status="draft", document={}, source="", digest=b""
        )
        session.add(draft)
    elif seen_digest is not None and draft.digest not in {seen_digest, digest}:
        raise Conflict("ほかの職員が、この下書きを先に保存しました。開き直して、内容を確かめてください。")
    draft.source, draft.digest, draft.language = source, digest, LANGUAGE_VERSION
    draft.edited_by, draft.edited_at = staff_id, now()
    session.flush()
    return draft


def publish(
    session: Session,
    procedure: Procedure,
    staff_id: int | None,
    note: str | None = None,
    *,
    seen_digest: bytes | None = None,
) -> ProcedureVersion:
    """Publish the draft: it becomes the current version, the former one is replaced, and the procedure belongs to the department
    that the draft names; running cases keep their version and their department.

    `seen_digest`: the draft that the publisher looked at. Raises Conflict without a draft, or when somebody else saved or
    published in between; or took out a role that it names; Invalid when the draft has faults or names a department that the city does not have.
    """
    draft = _lock_draft(session, procedure)
    if draft is None:
        if seen_digest:
            raise Conflict(
                "ほかの職員が、この下書きを先に公開したか、捨てました。開き直して、いまの版を確かめてください。"
            )
        raise Conflict("公開する下書きがありません。")
    _refuse_while_planned(session, procedure)
    if seen_digest is not None and draft.digest != seen_digest:
        raise Conflict("ほかの職員が、この下書きを先に保存しました。内容を確かめてから、公開してください。")
    source = upgraded(draft).text
    lists = lists_for(session, source)
    vocabulary = vocabulary_in_force(session)
    diagnostics = check(source, city=tenancy.city(city_of(session)), today=today(), lists=lists, vocabulary=vocabulary)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    if errors:
        raise Invalid(_("直すところが{count}件あります。公開の前に直してください。", count=len(errors)))
    definition = load(source, lists, vocabulary)
    for table in definition.tables:
        if table.shared is not None and table.shared not in lists:
            raise Invalid(f"「{table.shared}」という共有の表は、この市にありません。")
    if definition.procedure != procedure.key:
        raise Invalid(_("手続きの名前は「{key}」のままにしてください。", key=procedure.key))
    city_roles.keep_city_roles(session, roles_named(definition))
    shown = {picture.file for _path, picture in pictures_in(definition)}
    missing = shown - {row.name for row in pictures_of(session, procedure.id)} if shown else set()
    if missing:
        raise Invalid(f"画像「{min(missing)}」が、まだ入っていません。")
    publish_pictures(session, procedure, shown)
    changes = _changes(session, procedure, definition)
    former_department, procedure.department_id = procedure.department_id, _department_id(session, definition.department)
    moment = now()
    session.execute(
        update(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.status == "published")
        .values(status="replaced", replaced_at=moment)
    )
    draft.status, draft.published_at, draft.published_by, draft.note = "published", moment, staff_id, note
    draft.document, draft.document_language = document_of(definition), LANGUAGE_VERSION
    session.flush()
    procedure.current_version_id = draft.id
    session.flush()
    if former_department != procedure.department_id:
        changes |= {"from_department": former_department, "to_department": procedure.department_id}
    _record_version(session, procedure, "procedure.published", _actor(session, staff_id), draft.number, **changes)
    return draft


def _changes(session: Session, procedure: Procedure, definition: Definition) -> dict[str, Any]:
    """What a definition changes of the published one, as an event keeps it: the topics, and how many changes; nothing for the first one."""
    former = session.get(ProcedureVersion, procedure.current_version_id) if procedure.current_version_id else None
    if former is None:
        return {}
    changes = diff(definition_in(session, former), definition)
    return {"topics": list(dict.fromkeys(change.topic for change in changes)), "changes": len(changes)}


def _record_version(
    session: Session, procedure: Procedure, event: str, by: Actor, number: int, **particulars: Any
) -> None:
    record(session, _subject(procedure), event, by, key=procedure.key, number=number, **particulars)


def _subject(procedure: Procedure) -> Subject:
    return Subject("procedure", procedure.id)


def _actor(session: Session, staff_id: int | None) -> Actor:
    return SYSTEM if staff_id is None else Actor("staff", staff_id, staff_names(session).get(staff_id))


def _lock_draft(session: Session, procedure: Procedure) -> ProcedureVersion | None:
    """Return the draft, locked until the transaction ends. The procedure is locked first, because a draft that does not exist
    yet cannot be: of two people who begin one at the same time the second gets the first one's.
    """
    lock_row(session, Procedure, Procedure.id == procedure.id)
    of_procedure = ProcedureVersion.procedure_id == procedure.id
    return lock_row(session, ProcedureVersion, of_procedure, ProcedureVersion.status == "draft")


def _refuse_while_planned(session: Session, procedure: Procedure) -> None:
    if session.get(PlannedPublication, procedure.id) is not None:
        raise Conflict("この下書きは、公開を待っています。変えるときは、先に「公開の予定」で取り消してください。")


def discard_draft(session: Session, procedure: Procedure, by: Actor = SYSTEM) -> None:
    """Delete the draft; the published version stays. Raises Conflict while it waits to be published."""
    draft = _lock_draft(session, procedure)
    _refuse_while_planned(session, procedure)
    if draft is not None:
        session.delete(draft)
        session.flush()
        _record_version(session, procedure, "procedure.draft_discarded", by, draft.number)


def close_procedure(session: Session, procedure: Procedure, by: Actor = SYSTEM) -> None:
    """Take no more applications; running cases go on."""
    if procedure.closed_at is None:
        record(session, _subject(procedure), "procedure.closed", by, key=procedure.key)
    procedure.closed_at = now()
    session.flush()


def reopen_procedure(session: Session, procedure: Procedure, by: Actor = SYSTEM) -> None:
    """Take applications again."""
    if procedure.closed_at is not None:
        record(session, _subject(procedure), "procedure.reopened", by, key=procedure.key)
    procedure.closed_at = None
    session.flush()


belongings.declare_owned("procedure", Procedure.department_id)
