"""Until when an applicant may be asked to answer a correction: before the day that they chose for the collection, the visit, the event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from common.open_days import add_open_days
from forms import Definition
from forms.fields.date import DateField
from forms.text.dates import iso_date
from portal import bookings
from portal.cases.answers import open_answers
from portal.cases.appointments import appointment_fields
from portal.cases.models import Case
from portal.cases.rules import ANSWER_DAYS
from portal.core.clock import TOKYO, today
from portal.core.database import city_of


def chosen_day(session: Session, case: Case, definition: Definition) -> date | None:
    """The first day still to come that the applicant chose among those that were offered; None without one."""
    return min((day for day in _chosen(session, case, definition) if day > today()), default=None)


def latest_answer(session: Session, case: Case, definition: Definition) -> date | None:
    """The last day on which an answer is of use: the day before the chosen one, on which the city gets ready; None without one.

    Where that is today already, it is the chosen day itself.
    """
    day = chosen_day(session, case, definition)
    return day and max(day - timedelta(days=1), today() + timedelta(days=1))


@dataclass(frozen=True)
class AnswerDays:
    """Until when an answer is asked for where the office names no day, and the last day that it may name; None for any."""

    usual: date
    latest: date | None


def answer_days(session: Session, case: Case, definition: Definition) -> AnswerDays:
    """The usual open days from now, and not after `latest_answer`."""
    usual, latest = add_open_days(today(), ANSWER_DAYS), latest_answer(session, case, definition)
    return AnswerDays(min(usual, latest or usual), latest)


def _chosen(session: Session, case: Case, definition: Definition) -> Iterator[date]:
    offered = [field for field in definition.fields.values() if isinstance(field, DateField) and field.offer]
    if offered:
        answers = open_answers(city_of(session), case.answers)
        yield from filter(None, (iso_date(answers.get(field.id)) for field in offered))
    if appointment_fields(definition):
        for appointment in bookings.appointments_of_case(session, case.id):
            yield appointment.starts_at.astimezone(TOKYO).date()
