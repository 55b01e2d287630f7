"""Appointments: one counter serves one person at a time, whatever happens at the same moment."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import bookings, wiring
from portal.bookings import Holder
from portal.bookings.models import Appointment
from portal.cases import appointments, moves
from portal.cases.answers import open_answers
from portal.cases.drafts import save_answers, start
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid
from portal.identity.models import Account
from portal.notifications.models import MailMessage
from portal.procedures import definition_of, queries
from tests.integration.bookings.definitions import ROOM, VISIT
from tests.integration.bookings.racing import sent_at_once
from tests.kit.city import furnish
from tests.kit.office import Office, open_office

NAME = {"family": "佐藤", "given": "美咲"}
NOW = datetime(2026, 12, 1, 10, tzinfo=TOKYO)
TEN = "2026-12-07T10:00"


@pytest.fixture
def office(city_db: Session) -> Office:
    return open_office(city_db, {"test-visit": VISIT, "test-room": ROOM})


def visit(value: str = TEN) -> dict[str, object]:
    return {"name": NAME, "visit": value}


def free(office: Office) -> list[str]:
    field = appointments.appointment_fields(queries.offer(office.session, "test-visit").definition)[0]
    slots = appointments.free_slots(office.session, field, {}, Holder(draft_id=0))
    assert slots is not None
    return [slot.value for slot in slots]


def test_a_time_is_offered_as_long_as_a_counter_is_free(office: Office) -> None:
    with frozen(NOW):
        for _ in range(2):
            assert TEN in free(office)
            office.apply("test-visit", visit())
        assert TEN not in free(office)
        assert "2026-12-07T09:00" in free(office)
        with pytest.raises(Invalid, match="もう空いていません"):
            office.apply("test-visit", visit())


def test_the_database_itself_keeps_two_from_one_counter(office: Office) -> None:
    with frozen(NOW):
        office.apply("test-visit", visit())
    (entry,) = office.session.scalars(select(Appointment))
    double = Appointment(
        resource=entry.resource, lane=entry.lane, during=entry.during, starts_at=entry.starts_at,
        ends_at=entry.ends_at, field="x", staff_id=office.staff.id, created_at=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="ex_appointment_overlap"), office.session.begin_nested():
        office.session.add(double)
        office.session.flush()


def test_rooms_are_booked_by_themselves(office: Office) -> None:
    with frozen(NOW):
        use = {"name": NAME, "use": "2026-12-06T09:00"}
        office.apply("test-room", use | {"room": "a"})
        office.apply("test-room", use | {"room": "b"})
        with pytest.raises(Invalid):
            office.apply("test-room", use | {"room": "a"})
        office.apply("test-room", use | {"room": "a", "use": "2026-12-06T18:00"})


def test_withdrawing_and_changing_give_the_time_back(office: Office) -> None:
    with frozen(NOW):
        first, second = office.apply("test-visit", visit()), office.apply("test-visit", visit())
        moves.apply_transition(office.session, first.id, "withdraw", office.resident, roles=("applicant",))
        assert TEN in free(office)
        third = office.apply("test-visit", visit())
        definition = definition_of(office.session, second.version_id)
        later = "2026-12-08T11:00"
        appointments.change_appointment(office.session, second, definition, "visit", later, office.resident)
        assert open_answers("tachikawa", second.answers)["visit"] == later
        (entry,) = bookings.appointments_of_case(office.session, second.id)
        assert entry.starts_at == datetime(2026, 12, 8, 11, tzinfo=TOKYO)
        assert TEN in free(office)
    with frozen(NOW + timedelta(days=5, hours=1)), pytest.raises(Conflict, match="電話"):
        appointments.change_appointment(office.session, third, definition, "visit", later, office.resident)


def test_staff_block_what_is_free_and_leave_what_is_booked(office: Office) -> None:
    with frozen(NOW):
        office.apply("test-visit", visit())
        begins = datetime(2026, 12, 7, 9, tzinfo=TOKYO)
        assert (
            bookings.block(office.session, "consultation", 2, begins, begins + timedelta(hours=3), office.staff.id) == 1
        )
        assert TEN not in free(office)
        assert "2026-12-07T09:00" in free(office)  # the counter with the booking is free then
        blocked = office.session.scalars(select(Appointment).where(Appointment.staff_id.is_not(None))).one()
        bookings.unblock(office.session, blocked.id)
        assert TEN in free(office)


def test_everybody_is_reminded_once_the_day_before(office: Office) -> None:
    with frozen(NOW):
        office.apply("test-visit", visit())
    with frozen(datetime(2026, 12, 6, 9, 5, tzinfo=TOKYO)):
        appointments.remind(office.session)
        appointments.remind(office.session)
    kinds = [mail.kind for mail in office.session.scalars(select(MailMessage))]
    assert kinds.count("appointment_reminder") == 1


def test_fifty_at_once_for_two_counters(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.bookings.place_holding.LEDGER_WAIT", "300s")
    with frozen(NOW), city_session(city) as session:
        wiring.connect()
        furnish(session, {"test-visit": VISIT})
        account = Account(email="misaki@example.jp", language="ja", created_at=NOW)
        session.add(account)
        session.flush()
        offer = queries.offer(session, "test-visit")
        drafts = []
        for _ in range(50):
            draft = start(session, offer, account_id=account.id, language="ja")
            save_answers(session, draft, offer.definition, visit())
            drafts.append(draft.id)
    assert sent_at_once(city, drafts, lambda: frozen(NOW)) == 2
    with city_session(city) as session:
        assert sorted(entry.lane for entry in session.scalars(select(Appointment))) == [0, 1]
