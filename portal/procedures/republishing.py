"""A published definition once more, because a list or a word that it uses says something else: procedure by procedure, by the worker.

Every version stays published with what it was published with until its turn comes; what was sent meanwhile keeps that version.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import DefinitionError, check, document_of, load
from forms.catalogue.vocabulary import Vocabulary
from forms.loading import vocabulary_in
from portal.core import tenancy
from portal.core.clock import now, today
from portal.core.database import city_of, city_session
from portal.core.errors import Invalid
from portal.core.events import SYSTEM, Actor, Subject, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.procedures.definitions import upgraded
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.republication_models import Republication, RepublishedProcedure
from portal.procedures.shared_rows import lists_in_force
from portal.procedures.vocabulary import vocabulary_in_force

REPUBLISH = "procedures.republish"
"""The task of the worker."""
_UNEXPECTED = (
    "思わぬ不具合で公開できませんでした。もう一度ためして、それでもできないときは、システムの担当に伝えてください。"
)
log = logging.getLogger("portal.jobs")


def start(
    session: Session,
    kind: str,
    name: str,
    reason: str,
    using: Sequence[tuple[str, ProcedureVersion]],
    *,
    department_id: int,
    actor: Actor,
) -> None:
    """Have every procedure that uses a list or word published again, for a reason that becomes the note of the versions.

    What an earlier change of the same has not published yet is left to this one.
    """
    if not using:
        return
    ids, moment = [version.procedure_id for _title, version in using], now()
    session.execute(
        update(RepublishedProcedure)
        .where(
            RepublishedProcedure.procedure_id.in_(ids),
            RepublishedProcedure.state.in_(("waiting", "failed")),
            RepublishedProcedure.republication_id.in_(
                select(Republication.id).where(Republication.kind == kind, Republication.name == name)
            ),
        )
        .values(state="superseded", finished_at=moment)
    )
    made = Republication(
        kind=kind, name=name, reason=reason, department_id=department_id, staff_id=actor.id, started_at=moment
    )
    session.add(made)
    session.flush()
    session.add_all(RepublishedProcedure(republication_id=made.id, procedure_id=procedure_id) for procedure_id in ids)
    session.flush()
    _enqueue(session, made.id)


def retry_failed(session: Session, republication_id: int) -> None:
    """Have the procedures that could not be published tried again."""
    failed = RepublishedProcedure.republication_id == republication_id, RepublishedProcedure.state == "failed"
    session.execute(update(RepublishedProcedure).where(*failed).values(state="waiting", problem=None, finished_at=None))
    _enqueue(session, republication_id)


def republish(city: str, republication_id: int) -> None:
    """Publish what waits, each procedure in a transaction of its own: a worker that dies goes on where it was."""
    while (procedure_id := _next(city, republication_id)) is not None:
        try:
            with city_session(city) as session:
                _republish(session, republication_id, procedure_id)
        except Exception:  # one procedure must not keep the others from being published
            log.exception("in %s: a procedure could not be published again", city)
            with city_session(city) as session:
                if row := _lock_waiting(session, republication_id, procedure_id):
                    row.state, row.problem, row.finished_at = "failed", _UNEXPECTED, now()


def refuse_unreadable(using: Sequence[tuple[str, ProcedureVersion]], lists: Mapping[str, Any]) -> None:
    """Refuse lists with which a published text could not be read any more. Raises Invalid with the first reason by title."""
    faults = {}
    for title, version in using:
        try:
            _reread(version, lists)
        except DefinitionError as error:
            faults[title] = str(error.diagnostics[0])
    if faults:
        raise Invalid("この表では公開できない手続きがあります。", faults)


def fault_of(
    session: Session, version: ProcedureVersion, lists: Mapping[str, Any], vocabulary: Vocabulary | None = None
) -> str:
    """What keeps a version from being published with other lists or words, the first reason; empty for nothing."""
    diagnostics = check(
        upgraded(version).text,
        city=tenancy.city(city_of(session)),
        today=today(),
        lists=lists,
        vocabulary=vocabulary or vocabulary_in(version.document),
    )
    return next((str(diagnostic) for diagnostic in diagnostics if diagnostic.severity == "error"), "")


def _enqueue(session: Session, republication_id: int) -> None:
    enqueue(
        session,
        REPUBLISH,
        lock="republishing",
        key=f"republication {republication_id}",
        republication_id=republication_id,
    )


def _next(city: str, republication_id: int) -> int | None:
    with city_session(city) as session:
        waiting = RepublishedProcedure.republication_id == republication_id, RepublishedProcedure.state == "waiting"
        query = select(RepublishedProcedure.procedure_id).where(*waiting)
        return session.scalar(query.order_by(RepublishedProcedure.procedure_id).limit(1))


def _lock_waiting(session: Session, republication_id: int, procedure_id: int) -> RepublishedProcedure | None:
    return lock_row(
        session,
        RepublishedProcedure,
        RepublishedProcedure.republication_id == republication_id,
        RepublishedProcedure.procedure_id == procedure_id,
        RepublishedProcedure.state == "waiting",
    )


def _republish(session: Session, republication_id: int, procedure_id: int) -> None:
    """Publish one procedure with the lists and words as they are now; nothing for one that says so already."""
    row = _lock_waiting(session, republication_id, procedure_id)
    if row is None:  # a later change took it over
        return
    procedure = lock_row(session, Procedure, Procedure.id == procedure_id)
    republication = session.get_one(Republication, republication_id)
    version = session.get(ProcedureVersion, procedure.current_version_id) if procedure else None
    row.state, row.finished_at = "unchanged", now()
    if procedure is None or version is None:
        return
    lists = lists_in_force(session)
    vocabulary = vocabulary_in_force(session) if republication.kind != "lists" else None
    if fault := fault_of(session, version, lists, vocabulary):
        row.state, row.problem = "failed", fault
        return
    document = _reread(version, lists, vocabulary)
    if document != version.document:
        again = _publish_again(session, version, document, republication)
        row.state, row.number = "published", again.number
        about = Subject("procedure", procedure_id)
        record(session, about, "procedure.republished", SYSTEM, key=procedure.key, number=again.number)


def _reread(
    version: ProcedureVersion, lists: Mapping[str, Any], vocabulary: Vocabulary | None = None
) -> dict[str, Any]:
    """The tree of a published text with other lists, and with the words it has or others."""
    return document_of(load(upgraded(version).text, lists, vocabulary or vocabulary_in(version.document)))


def _publish_again(
    session: Session, version: ProcedureVersion, document: dict[str, Any], republication: Republication
) -> ProcedureVersion:
    """Put a version with the same text in the place of a published one, whose procedure is locked. A draft stays the newest."""
    moment = now()
    number = version.number + 1
    later = session.scalars(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == version.procedure_id, ProcedureVersion.number >= number)
        .order_by(ProcedureVersion.number.desc())
    )
    for draft in later:
        draft.number += 1
        session.flush()
    version.status, version.replaced_at = "replaced", moment
    session.flush()
    again = ProcedureVersion(
        procedure_id=version.procedure_id,
        number=number,
        status="published",
        source=version.source,
        language=version.language,
        document=document,
        digest=version.digest,
        note=republication.reason,
        edited_by=version.edited_by,
        edited_at=version.edited_at,
        published_by=republication.staff_id,
        published_at=moment,
    )
    session.add(again)
    session.flush()
    session.get_one(Procedure, version.procedure_id).current_version_id = again.id
    session.flush()
    return again
