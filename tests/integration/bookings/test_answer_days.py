"""A correction is asked for before the day that the applicant chose: by itself, and whatever day the office names."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.clock import TOKYO, frozen
from portal.core.errors import Invalid
from tests.integration.bookings.definitions import COLLECTION, VISIT
from tests.kit.office import Office, open_office

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=TOKYO)
NAME = {"family": "佐藤", "given": "美咲"}


@pytest.fixture
def office(city_db: Session) -> Office:
    return open_office(city_db, {"test-visit": VISIT, "test-collection": COLLECTION})


def ask(office: Office, case: Case, answer_by: date | None = None) -> Case:
    inputs = MoveInputs(note="名前を確かめてください。", fields=("name",), answer_by=answer_by)
    roles = ("clerk", "decider")
    return apply_transition(office.session, case.id, "request_correction", office.actor, roles=roles, inputs=inputs)


def visit_on(office: Office, time: str) -> Case:
    case = office.apply("test-visit", {"name": NAME, "visit": time})
    apply_transition(office.session, case.id, "accept", office.actor, roles=("clerk",))
    return case


def test_the_answer_is_due_the_day_before_the_collection(office: Office) -> None:
    with frozen(TUESDAY):
        case = office.apply("test-collection", {"name": NAME, "zone": "sakae", "collect_on": "2026-12-10"})
        apply_transition(office.session, case.id, "accept", office.actor, roles=("clerk",))
        with pytest.raises(Invalid, match=r"12月9日\(水\)まで") as late:
            ask(office, case, date(2026, 12, 10))
        assert "answer_by" in late.value.fields
        assert ask(office, case).answer_by == date(2026, 12, 9)


def test_an_earlier_day_is_taken_and_an_appointment_counts_too(office: Office) -> None:
    with frozen(TUESDAY):
        assert ask(office, visit_on(office, "2026-12-07T10:00"), date(2026, 12, 3)).answer_by == date(2026, 12, 3)
        assert ask(office, visit_on(office, "2026-12-07T09:00")).answer_by == date(2026, 12, 6)


def test_tomorrows_visit_leaves_until_tomorrow(office: Office) -> None:
    with frozen(TUESDAY):
        assert ask(office, visit_on(office, "2026-12-02T10:00")).answer_by == date(2026, 12, 2)


def test_a_day_far_away_leaves_the_usual_time(office: Office) -> None:
    with frozen(TUESDAY):
        assert ask(office, visit_on(office, "2026-12-25T10:00")).answer_by == date(2026, 12, 15)
