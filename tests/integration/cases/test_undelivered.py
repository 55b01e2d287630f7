"""A letter that cannot arrive becomes work for the office."""

from portal import wiring
from portal.cases.queries import history
from portal.core.clock import now
from portal.notifications.listeners import notify_undelivered
from portal.notifications.models import MailMessage
from tests.kit.office import Office


def test_the_office_sees_that_a_letter_did_not_arrive(office: Office) -> None:
    wiring.connect()
    case = office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
    case.unread = False
    letter = MailMessage(case_id=case.id, kind="case_received", sealed=b"", status="undeliverable", created_at=now())
    office.session.add(letter)
    office.session.flush()
    notify_undelivered(office.session, letter)
    office.session.flush()
    assert case.unread
    assert history(office.session, case.id)[-1].name == "mail.undelivered"
