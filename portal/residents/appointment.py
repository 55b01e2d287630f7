"""The appointments of my application: another time, and a file for my own calendar (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import evaluate
from forms.fields.appointment import AppointmentField
from portal import bookings
from portal.cases import (
    Case,
    appointment_fields,
    change_appointment,
    changeable_until,
    free_slots,
    open_answers,
)
from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.core.web import db
from portal.procedures import definition_of
from portal.residents import calendar_file, visitor_access
from portal.residents.blueprint import bp
from portal.residents.questions import Questions

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Changeable:
    """A question with the time that is booked, in words, and the moment until which it can be changed."""

    field: AppointmentField
    words: str
    until: datetime


@bp.get("/me/cases/<public_id>/appointments/<key>")
@allow(PUBLIC)
def appointment(public_id: str, key: str) -> str:
    """The free times, to change to one of them."""
    mine = visitor_access.case(db(), public_id)
    return _page(mine, _field(mine, key))


@bp.post("/me/cases/<public_id>/appointments/<key>")
@allow(PUBLIC)
def change(public_id: str, key: str) -> Answer:
    """Change to another time."""
    mine = visitor_access.case(db(), public_id, lock=True)
    field = _field(mine, key)
    definition = definition_of(db(), mine.version_id)
    try:
        change_appointment(db(), mine, definition, key, request.form.get(key, ""), visitor_access.actor(mine))
    except Invalid as fault:
        return _page(mine, field, fault.fields.get(key, fault.message)), 422
    return redirect(url_for("residents.case", public_id=public_id), 303)


@bp.get("/me/cases/<public_id>/calendar")
@allow(PUBLIC)
def calendar(public_id: str) -> Response:
    """The appointments as an iCalendar file."""
    mine = visitor_access.case(db(), public_id)
    entries = bookings.appointments_of_case(db(), mine.id)
    if not entries:
        raise NotFound
    host = current_city().origin.split("://", 1)[-1]
    return calendar_file.calendar(
        "appointment",
        (
            calendar_file.time_event(
                f"{mine.number}-{entry.field}@{host}",
                entry.starts_at,
                entry.ends_at,
                f"{mine.title}({current_city().in_words})",
                mine.number,
            )
            for entry in entries
        ),
    )


def changeable(case: Case) -> list[Changeable]:
    """The times of a case that can still be changed."""
    definition = definition_of(db(), case.version_id)
    fields = appointment_fields(definition)
    answers = open_answers(current_city().key, case.answers) if fields and case.closed_at is None else {}
    return [
        Changeable(field, field.show(value, current_language()), limit)
        for field in fields
        for value in [answers.get(field.id)]
        for limit in [changeable_until(field, value)]
        if limit is not None and now() < limit
    ]


def _field(mine: Case, key: str) -> AppointmentField:
    """A question whose time can be changed. Raises NotFound."""
    for booked in changeable(mine):
        if booked.field.id == key:
            return booked.field
    raise NotFound


def _page(mine: Case, field: AppointmentField, problem: str = "") -> str:
    definition = definition_of(db(), mine.version_id)
    answers = open_answers(current_city().key, mine.answers)
    holder = bookings.Holder(case_id=mine.id)
    step = definition.step_of(field.id)
    questions = Questions(
        definition,
        step,
        evaluate(
            definition, answers, mine.facts, today=mine.submitted_on, language=current_language(), city=current_city()
        ),
        {field.id: str(answers.get(field.id, ""))},
        {field.id: [problem]} if problem else {},
        only=frozenset({field.id}),
        free_slots=lambda question: free_slots(db(), question, answers, holder),
    )
    return render_template(
        "residents/appointment.html", case=mine, definition=definition, field=field, questions=questions
    )
