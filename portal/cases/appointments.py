"""The appointments of applications: which times are free, held and booked with the answers, changed by the applicant, remembered the day before."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, Evaluation, evaluate
from forms.fields.appointment import AppointmentField, Slot
from portal import bookings
from portal.bookings import Holder, Time
from portal.cases.answers import open_answers, seal_answers
from portal.cases.events import of_case
from portal.cases.models import Case, Draft
from portal.cases.notices import notify
from portal.cases.revisions import save_revision
from portal.core import tenancy
from portal.core.clock import TOKYO, now, today
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, record
from portal.core.text import _, current_language


def appointment_fields(definition: Definition) -> list[AppointmentField]:
    """The questions that are answered with an appointment."""
    return [field for field in definition.fields.values() if isinstance(field, AppointmentField)]


def free_slots(
    session: Session, field: AppointmentField, answers: Mapping[str, Any], holder: Holder
) -> Sequence[Slot] | None:
    """The appointments of a question that are free, the holder's own too; None while it is not known what is to be booked."""
    resource = _resource(field, answers)
    if resource is None:
        return None
    slots = [slot for day in field.days(today()) for slot in field.slots(day) if _moment(slot.start) > now()]
    if not slots:
        return []
    busy = bookings.busy_lanes(
        session, resource, _moment(slots[0].start), _moment(slots[-1].busy_until) + timedelta(days=1), holder
    )
    return [slot for slot in slots if _lanes(slot, busy) < field.counters]


def book_appointments(
    session: Session, definition: Definition, outcome: Evaluation, holder: Holder, *, hold: bool
) -> list[str]:
    """Book the times that the answers name, all held for their minutes with `hold`; what is not free any more, in words."""
    taken = []
    booked = []
    for field in sorted(appointment_fields(definition), key=lambda field: field.resource):
        value = outcome.answers.get(field.id)
        slot, resource = field.slot(value), _resource(field, outcome.answers)
        if slot is None or resource is None:
            continue
        time = Time(resource, field.counters, _moment(slot.start), _moment(slot.end), _moment(slot.busy_until))
        until = now() + timedelta(minutes=field.hold_minutes) if hold else None
        booked.append(field.id)
        if not bookings.book(session, field.id, time, holder, until=until):
            shown = field.show(value, current_language())
            taken.append(_("「{time}」は、もう空いていません。ほかの日時を選んでください。", time=shown))
    bookings.give_up(session, holder, but=booked)
    return taken


def booked_resources(definition: Definition, answers: Mapping[str, Any]) -> list[str]:
    """What is booked by these answers: the resource of each appointment that they name."""
    answered = [field for field in appointment_fields(definition) if field.slot(answers.get(field.id))]
    return [resource for field in answered if (resource := _resource(field, answers)) is not None]


def take_appointments(session: Session, draft: Draft, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Book the times of a draft for the case that is made of it. Raises Invalid where one is not free any more."""
    fields = appointment_fields(definition)
    if not fields:
        return
    _refuse(fields, outcome, book_appointments(session, definition, outcome, Holder(draft_id=draft.id), hold=False))
    bookings.hand_over(session, draft.id, case.id, [field.id for field in fields])


def retake_appointments(session: Session, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Book what the corrected answers of a case name in place of what it had. Raises Invalid."""
    fields = appointment_fields(definition)
    if fields:
        _refuse(fields, outcome, book_appointments(session, definition, outcome, Holder(case_id=case.id), hold=False))


def changeable_until(field: AppointmentField, value: object) -> datetime | None:
    """Until when an appointment may be changed by the applicant."""
    slot = field.slot(value)
    return _moment(slot.start) - timedelta(days=field.change_days) if slot else None


def change_appointment(
    session: Session, case: Case, definition: Definition, field_id: str, value: str, actor: Actor
) -> None:
    """Give a case another time, as its applicant asks. Its row must be locked.

    Raises Conflict when it is too late or the case is over, Invalid when the time is not free.
    """
    field = next((field for field in appointment_fields(definition) if field.id == field_id), None)
    city = city_of(session)
    answers = open_answers(city, case.answers)
    limit = changeable_until(field, answers.get(field_id)) if field else None
    if field is None or limit is None or case.closed_at is not None or now() >= limit:
        raise Conflict(_("この予約は、もう変えられません。担当の部署に電話してください。"))
    free = free_slots(session, field, answers, Holder(case_id=case.id)) or ()
    if all(slot.value != value for slot in free):
        raise Invalid(
            _("空いている日時の中から選んでください。"), {field_id: _("空いている日時の中から選んでください。")}
        )
    changed = {**answers, field_id: value}
    outcome = evaluate(definition, changed, case.facts, today=today(), language=case.language, city=tenancy.city(city))
    retake_appointments(session, case, definition, outcome)
    save_revision(session, case)
    case.answers = seal_answers(city, definition, changed)
    case.unread = True
    case.advance()
    record(session, of_case(case.id), "case.appointment_changed", actor, fields=[field_id])
    session.flush()


def remind(session: Session) -> None:
    """Write to everybody who has an appointment tomorrow, once."""
    tomorrow = datetime.combine(today() + timedelta(days=1), datetime.min.time(), TOKYO)
    for case_id in bookings.to_remind(session, tomorrow, tomorrow + timedelta(days=1)):
        case = session.get_one(Case, case_id)
        if case.closed_at is None or case.status == "ok":
            notify(session, case, "appointment_reminder", until=tomorrow.date())


def _refuse(fields: Sequence[AppointmentField], outcome: Evaluation, taken: Sequence[str]) -> None:
    if taken:
        answered = next((field.id for field in fields if field.id in outcome.answers), fields[0].id)
        raise Invalid(taken[0], {answered: taken[0]})


def _resource(field: AppointmentField, answers: Mapping[str, Any]) -> str | None:
    if field.resource_by is None:
        return field.resource
    part = answers.get(field.resource_by)
    return f"{field.resource}/{part}" if isinstance(part, str) and part else None


def _lanes(slot: Slot, busy: Sequence[tuple[int, datetime, datetime]]) -> int:
    start, end = _moment(slot.start), _moment(slot.busy_until)
    return len({lane for lane, begins, ends in busy if begins < end and start < ends})


def _moment(clock: datetime) -> datetime:
    return clock.replace(tzinfo=TOKYO)
