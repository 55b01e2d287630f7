"""Sending an application makes one case, pinned to its version, with its places, its fee and its letter."""

import json
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text

from portal.cases.answers import open_answers
from portal.cases.drafts import save_answers, start
from portal.cases.models import Case, CasePlace, Event
from portal.cases.submission import submit
from portal.core.errors import Invalid
from portal.notifications.models import MailMessage
from portal.payments import payments_of_case
from portal.procedures import queries
from tests.integration.cases.definitions import rectangle
from tests.kit.office import Office

NAME = {"family": "佐藤", "given": "美咲"}
PERIOD = {"start": "2027-04-10", "end": "2027-05-21"}


def permit(lon: float = 139.4140, **more: object) -> dict[str, object]:
    return {"name": NAME, "period": PERIOD, "area": rectangle(lon, 35.6990), **more}


def test_a_permit_becomes_a_case_with_its_place_and_explained_fee(office: Office) -> None:
    case = office.apply("test-permit", permit())
    assert case.number.startswith("立-")
    assert (case.state, case.status) == ("received", "new")
    place = office.session.scalars(select(CasePlace).where(CasePlace.case_id == case.id)).one()
    assert place.area_m2 == pytest.approx(50, abs=0.5)
    assert (str(place.starts_on), str(place.ends_on)) == ("2027-04-10", "2027-05-21")
    assert (case.starts_on, case.ends_on) == (place.starts_on, place.ends_on)
    (line,) = case.fee["lines"]
    assert case.fee["due"] == {"submission": 0, "approved": line["amount"]}
    assert line["explanation"]["ja"].endswith("m² × 100円 × 2か月")


def test_sending_twice_gives_the_same_case(office: Office) -> None:
    offer = queries.offer(office.session, "test-permit")
    draft = start(office.session, offer, account_id=office.account.id, language="ja")
    save_answers(office.session, draft, offer.definition, permit())
    assert submit(office.session, draft, offer.definition).id == submit(office.session, draft, offer.definition).id
    assert office.session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_fee_at_submission_is_asked_for_before_the_office_sees_the_case(office: Office) -> None:
    case = office.apply("test-registration", {"name": NAME})
    assert (case.state, case.status) == ("awaiting_fee", "wait")
    (payment,) = payments_of_case(office.session, case.id)
    assert (payment.amount, payment.status) == (3550, "open")
    assert [charge.amount for charge in payment.charges] == [3000, 550]


def test_what_is_to_pay_is_stored_in_every_language_under_the_id_of_its_line(office: Office) -> None:
    case = office.apply("test-registration", {"name": NAME}, language="en")
    (payment,) = payments_of_case(office.session, case.id)
    registration, tag = payment.charges
    assert registration.rule_id == "registration"
    assert registration.title == {"ja": "登録手数料", "en": "Registration"}
    assert registration.detail == {"ja": "1件", "en": "one"}
    assert tag.rule_id == case.fee["lines"][1]["id"] != ""


def test_an_incomplete_application_is_refused_with_the_field_to_correct(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.apply("test-permit", {"name": NAME, "period": PERIOD})
    assert set(refused.value.fields) == {"area"}
    assert office.session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_place_taken_by_an_approved_permit_at_that_time_is_refused_with_its_dates(office: Office) -> None:
    first = office.apply("test-permit", permit())
    office.session.execute(text("UPDATE case_place SET state = 'approved', status = 'ok'"))
    with pytest.raises(Invalid) as refused:
        office.apply("test-permit", permit(139.41405))
    assert first.number not in refused.value.fields["area"], "the number of somebody else's case"
    assert "試験用の占用許可" in refused.value.fields["area"]
    assert "4月10日" in refused.value.fields["area"]
    later = {"start": "2027-06-01", "end": "2027-06-30"}
    assert office.apply("test-permit", permit(139.41405, period=later)).id != first.id


def test_sensitive_answers_are_stored_sealed(office: Office) -> None:
    case = office.apply("test-permit", permit(account="銀行の番号"))
    assert "銀行" not in json.dumps(case.answers, ensure_ascii=False)
    assert open_answers("tachikawa", case.answers)["account"] == "銀行の番号"


def test_the_first_event_starts_a_chain_that_later_ones_continue(office: Office) -> None:
    office.apply("test-permit", permit())
    office.apply("test-registration", {"name": NAME})
    events = office.session.scalars(select(Event).order_by(Event.id)).all()
    assert [event.name for event in events][-3:] == ["case.submitted", "case.submitted", "payment.requested"]
    assert all(later.prev_hash == earlier.hash for earlier, later in pairwise(events))


def test_the_applicant_is_written_to_without_the_letter_lying_open(office: Office) -> None:
    office.apply("test-permit", permit())
    mail = office.session.scalars(select(MailMessage)).one()
    assert mail.kind == "case_received"
    assert b"misaki" not in mail.sealed
