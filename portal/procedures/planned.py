"""Publishing that waits: for the day from which a version counts, and for a second person where the procedure wants one.

While a draft waits it stays as it was looked at; whoever wants to go on writing takes the plan back first.
"""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import TOKYO, now, today
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import SYSTEM, Actor, Subject, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.procedures.actions import publish
from portal.procedures.models import PlannedPublication, Procedure, ProcedureVersion

PUBLISH_PLANNED = "procedures.publish_planned"
"""The task of the worker."""


def plan_of(session: Session, procedure: Procedure) -> PlannedPublication | None:
    """The publication that waits for a procedure, if one does."""
    return session.get(PlannedPublication, procedure.id)


def plan(
    session: Session,
    procedure: Procedure,
    by: Actor,
    note: str,
    *,
    from_day: date | None,
    seen_digest: bytes | None,
) -> PlannedPublication:
    """Have the draft published from a day on, or as soon as a second person has confirmed it.

    Raises Conflict without a draft, with another one than was looked at, and while one waits; Invalid for a day that has come.
    """
    draft = _locked_draft(session, procedure)
    if plan_of(session, procedure) is not None:
        raise Conflict("この下書きの公開は、もう申し出てあります。いまの予定を確かめてください。")
    if seen_digest is not None and draft.digest != seen_digest:
        raise Conflict("ほかの職員が、この下書きを先に保存しました。内容を確かめてから、公開してください。")
    if from_day is not None and from_day <= today():
        raise Invalid("公開する日は、明日よりあとの日にしてください。空のままなら、すぐに公開します。")
    planned = PlannedPublication(
        procedure_id=procedure.id,
        digest=draft.digest,
        note=note,
        effective_on=from_day,
        needs_confirmation=procedure.needs_second_person,
        asked_by=by.id,
        asked_at=now(),
    )
    session.add(planned)
    session.flush()
    more = {"from_day": from_day.isoformat()} if from_day else {}
    _record(session, procedure, "procedure.publication_planned", by, draft.number, **more)
    if not planned.needs_confirmation:
        _schedule(session, planned)
    return planned


def confirm(session: Session, procedure: Procedure, by: Actor, *, seen_digest: bytes | None) -> bool:
    """Confirm what somebody else asked for; whether it was published at once.

    Raises Forbidden for who asked, Conflict when nothing waits, or another text than was looked at; what `publish` raises.
    """
    draft, planned = _locked_draft(session, procedure), _waiting(session, procedure)
    if by.id == planned.asked_by:
        raise Forbidden("申し出た人とは別の人が確認してください。")
    if planned.confirmed_by is not None:
        raise Conflict("この公開は、もう確認してあります。")
    if seen_digest is not None and planned.digest != seen_digest:
        raise Conflict("内容が変わりました。いまの下書きを確かめてください。")
    planned.confirmed_by = by.id
    _record(session, procedure, "procedure.publication_confirmed", by, draft.number)
    if planned.effective_on is not None and planned.effective_on > today():
        _schedule(session, planned)
        return False
    _publish(session, procedure, planned)
    return True


def withdraw(session: Session, procedure: Procedure, by: Actor) -> None:
    """Take a plan back; the draft can be written in again. Raises Conflict when nothing waits."""
    draft, planned = _locked_draft(session, procedure), _waiting(session, procedure)
    session.delete(planned)
    session.flush()
    _record(session, procedure, "procedure.publication_withdrawn", by, draft.number)


def need_second_person(session: Session, procedure: Procedure, by: Actor, *, needed: bool) -> None:
    """Say whether somebody else than who asks for it has to publish; what waits already keeps to the rule it was asked for under."""
    if procedure.needs_second_person != needed:
        procedure.needs_second_person = needed
        subject = Subject("procedure", procedure.id)
        record(session, subject, "procedure.second_person_changed", by, key=procedure.key, needed=needed)


def publish_planned(city: str, procedure_id: int) -> None:
    """Publish what waits for this day. What cannot be published stays with the reason, for those who asked for it to read."""
    failure = ""
    try:
        with city_session(city) as session:
            if (due := _due(session, procedure_id)) is not None:
                _publish(session, *due)
    except DomainError as error:
        failure = error.message
    if failure:
        with city_session(city) as session:
            if (due := _due(session, procedure_id)) is not None:
                procedure, planned = due
                planned.failure = failure
                number = _locked_draft(session, procedure).number
                _record(session, procedure, "procedure.publication_failed", SYSTEM, number)


def _due(session: Session, procedure_id: int) -> tuple[Procedure, PlannedPublication] | None:
    procedure = lock_row(session, Procedure, Procedure.id == procedure_id)
    planned = lock_row(session, PlannedPublication, PlannedPublication.procedure_id == procedure_id)
    if procedure is None or planned is None or planned.effective_on is None or planned.effective_on > today():
        return None  # taken back, or put off, since the job was added
    return None if planned.needs_confirmation and planned.confirmed_by is None else (procedure, planned)


def _publish(session: Session, procedure: Procedure, planned: PlannedPublication) -> None:
    staff_id, note, digest = planned.confirmed_by or planned.asked_by, planned.note, planned.digest
    session.delete(planned)
    session.flush()
    publish(session, procedure, staff_id, note, seen_digest=digest)


def _schedule(session: Session, planned: PlannedPublication) -> None:
    day = planned.effective_on or today()
    enqueue(session, PUBLISH_PLANNED, at=datetime.combine(day, time(), TOKYO), procedure_id=planned.procedure_id)


def _locked_draft(session: Session, procedure: Procedure) -> ProcedureVersion:
    lock_row(session, Procedure, Procedure.id == procedure.id)
    draft = session.scalar(
        select(ProcedureVersion).where(
            ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.status == "draft"
        )
    )
    if draft is None:
        raise Conflict("公開する下書きがありません。")
    return draft


def _waiting(session: Session, procedure: Procedure) -> PlannedPublication:
    planned = lock_row(session, PlannedPublication, PlannedPublication.procedure_id == procedure.id)
    if planned is None:
        raise Conflict("公開の申し出は、もう取り消されたか、公開されました。いまの版を確かめてください。")
    return planned


def _record(session: Session, procedure: Procedure, event: str, by: Actor, number: int, **particulars: str) -> None:
    record(session, Subject("procedure", procedure.id), event, by, key=procedure.key, number=number, **particulars)
