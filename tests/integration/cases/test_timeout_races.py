"""The job of a deadline and a clerk at the same moment: exactly one of them moves the case, and nothing happens twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.cases.messages import messages_of
from portal.cases.models import Case, CaseMessage
from portal.cases.moves import MoveInputs, lock_case, perform, prepare
from portal.cases.queries import history
from portal.cases.versions import SeenVersion, refuse_outdated, seen_version
from portal.cases.waking import wake
from portal.core.access import StaffIdentity
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import Actor
from portal.notifications.models import MailMessage
from tests.integration.cases.definitions import REGISTRATION
from tests.kit.office import open_office

LAPSING = (
    REGISTRATION[: REGISTRATION.index("fee:")]
    + """workflow:
  preset: notification
  states:
    - {id: accepted, deadline: {days: 5, move: expire}}
    - {id: expired, title: {ja: 期限切れ}, kind: withdrawn}
  moves:
    - {id: expire, title: {ja: 期限で終える}, from: [accepted], to: expired, who: [system], causes: [message], message: {ja: 期限が過ぎました。}}
"""
)
ROUNDS, EACH = 6, 4


@dataclass
class Town:
    city: str
    staff: StaffIdentity
    cases: list[int]


@pytest.fixture
def town(scratch_city: str) -> Iterator[Town]:
    """Cases whose deadline passed yesterday."""
    with city_session(scratch_city) as session:
        office = open_office(session, {"test-registration": LAPSING})
        cases = []
        for _ in range(ROUNDS):
            case = office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
            perform(session, prepare(session, case, "accept", office.actor, roles=("clerk",), inputs=MoveInputs()))
            case.clock = {**case.clock, "accepted": {"due": "2026-04-01", "open": False}}
            case.wake_on = today()
            cases.append(case.id)
        staff = office.staff
    yield Town(scratch_city, staff, cases)


def timeout(town: Town, case_id: int) -> Callable[[], bool]:
    def act() -> bool:
        with city_session(town.city) as session:
            return wake(session, case_id)

    return act


def decision(town: Town, case_id: int, seen: SeenVersion) -> Callable[[], bool]:
    def act() -> bool:
        with city_session(town.city) as session:
            case = lock_case(session, case_id)
            refuse_outdated(session, case, seen)
            actor = Actor("staff", town.staff.id, town.staff.name)
            perform(session, prepare(session, case, "complete", actor, roles=("clerk", "decider"), inputs=MoveInputs()))
        return True

    return act


def together(*acts: Callable[[], bool]) -> list[bool]:
    """Whether each of them got through, all begun at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], bool]) -> bool:
        start.wait(60)
        try:
            return act()
        except Conflict:
            return False

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_of_them_wins_and_nothing_is_doubled(town: Town) -> None:
    for case_id in town.cases:
        with city_session(town.city) as session:
            seen = seen_version(session, session.get_one(Case, case_id))
            before = session.scalar(select(func.count()).select_from(MailMessage))
        jobs = [timeout(town, case_id) for _ in range(EACH)]
        clerks = [decision(town, case_id, seen) for _ in range(EACH)]
        assert sum(together(*jobs, *clerks)) == 1
        with city_session(town.city) as session:
            case = session.get_one(Case, case_id)
            ended = [event for event in history(session, case_id) if event.name in {"case.completed", "case.withdrawn"}]
            assert [event.data["state"] for event in ended] == [case.state]
            assert case.state in {"completed", "expired"}
            assert (case.wake_on, case.closed_at is not None) == (None, True)
            assert session.scalar(select(func.count()).select_from(MailMessage)) == (before or 0) + 1
            written = session.scalar(select(func.count()).where(CaseMessage.case_id == case_id))
            assert written == (case.state == "expired")
            assert len(messages_of(session, case_id)) == written
