"""Deciding on a case as its page offers it."""

import re
from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.cases import jobs
from portal.cases.models import Case, CaseMessage
from portal.cases.queries import history
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.notifications.models import MailMessage
from portal.payments import payments_of_case
from tests.integration.desk.conftest import CITY
from tests.kit.browser import Browser

HOLD = timedelta(seconds=60)


def version_shown(desk: Browser, case_id: int) -> str:
    """The version of the case that its page carries."""
    match = re.search(r'name="seen" value="([^"]+)"', desk.get(f"/desk/cases/{case_id}").text)
    return match[1] if match else ""


def act(desk: Browser, case_id: int, move: str, **inputs: object) -> TestResponse:
    """Decide on what the page shows, as one does who has just opened it."""
    version = version_shown(desk, case_id)
    return desk.post(f"/desk/cases/{case_id}/moves", {"move": move, "seen": version, **inputs})


def state_of(case_id: int) -> tuple[str, int | None]:
    """The state of a case, and whose desk it is on."""
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        return case.state, case.assignee_id


def events_of(case_id: int) -> list[str]:
    """Its history, by name."""
    with city_session(CITY) as session:
        return [event.name for event in history(session, case_id)]


def left_the_office(case_id: int) -> list[str]:
    """What has reached the applicant or been asked of them since the application came in: letters, messages, payments."""
    with city_session(CITY) as session:
        letters = session.scalars(
            select(MailMessage.kind).where(
                MailMessage.case_id == case_id, MailMessage.kind.not_in(["case_received", "case_accepted"])
            )
        ).all()
        messages = session.scalars(select(CaseMessage.sender).where(CaseMessage.case_id == case_id)).all()
        payments = [payment.purpose for payment in payments_of_case(session, case_id)]
    return [*letters, *(f"message from {sender}" for sender in messages), *(f"fee {purpose}" for purpose in payments)]


def decision_shown(desk: Browser, case_id: int) -> str:
    """The number of the decision that the page shows as waiting or failed."""
    match = re.search(r'name="decision" value="(\d+)"', desk.get(f"/desk/cases/{case_id}").text)
    assert match
    return match[1]


def minute_passes(case_id: int, desk: Browser) -> None:
    """The worker comes to the decision when its time has come."""
    number = int(decision_shown(desk, case_id))
    with frozen(now() + HOLD):
        jobs.execute_decision(city=CITY, decision_id=number)
