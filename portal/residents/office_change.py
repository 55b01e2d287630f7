"""What an applicant is told when another department has taken their case over: who has it now, since when, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.cases import Case
from portal.cases.messages import Message
from portal.core.events import Event
from portal.core.tenancy import current_city
from portal.core.text import pick
from portal.core.web import db
from portal.identity import list_departments


@dataclass(frozen=True)
class ToldOfOffice:
    """The department that has a case now, how it is reached, the one before, and the reason that was written."""

    now: str
    phone: str | None
    place: str | None
    before: str
    at: datetime
    reason: str


def office_change(case: Case, happened: Sequence[Event], messages: Sequence[Message]) -> ToldOfOffice | None:
    """The newest time that the case went to another department; None where it never did. Departments are read only then."""
    event = next((event for event in reversed(happened) if event.name == "case.transferred"), None)
    if event is None:
        return None
    departments = {department.id: department for department in list_departments(db(), with_closed=True)}
    office = departments[case.department_id]
    reasons = {message.id: message.body for message in messages}
    return ToldOfOffice(
        now=pick(office.title),
        phone=office.phone or current_city().phone,
        place=office.place,
        before=pick(departments[event.data["from_department"]].title),
        at=event.at,
        reason=reasons.get(event.data.get("message_id", 0), ""),
    )
