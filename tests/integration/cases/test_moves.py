"""What the office and the applicant do with a case, and what must not happen."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.cases.corrections import answer_correction, requested_fields
from portal.cases.messages import messages_of
from portal.cases.models import CasePlace
from portal.cases.moves import MoveInputs, apply_transition, available, roles_in
from portal.cases.queries import history
from portal.core.clock import today
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.payments import payments_of_case
from portal.procedures import actions as procedures
from portal.procedures import queries
from portal.procedures.definitions import definition_of
from tests.integration.cases.definitions import PERMIT, rectangle
from tests.integration.cases.test_submission import NAME, permit
from tests.kit.office import Office

OFFICE = ("clerk", "decider", "cashier")


def move(office: Office, case_id: int, name: str, **inputs: object) -> object:
    return apply_transition(office.session, case_id, name, office.actor, roles=OFFICE, inputs=MoveInputs(**inputs))


def test_a_permit_is_accepted_approved_paid_for_and_then_valid(office: Office) -> None:
    case = office.apply("test-permit", permit())
    move(office, case.id, "accept")
    move(office, case.id, "approve")
    assert (case.state, case.closed_at) == ("awaiting_payment", None)
    (payment,) = payments_of_case(office.session, case.id)
    assert payment.amount == case.fee["due"]["approved"] > 0
    from portal.payments import listeners

    listeners.emit(office.session, [payment], "paid")
    assert (case.state, case.status) == ("approved", "ok")
    assert case.closed_at is not None
    assert office.session.scalars(select(CasePlace.state)).one() == "approved"


def test_a_correction_names_fields_and_comes_back_corrected(office: Office) -> None:
    case = office.apply("test-permit", permit())
    move(office, case.id, "accept")
    with pytest.raises(Invalid) as without_fields:
        move(office, case.id, "request_correction")
    assert "fields" in without_fields.value.fields
    with pytest.raises(Invalid) as past_deadline:
        move(office, case.id, "request_correction", fields=("area",), answer_by=today())
    assert "answer_by" in past_deadline.value.fields
    move(office, case.id, "request_correction", note="範囲を小さくしてください。", fields=("area", "period"))
    assert (case.status, case.answer_by is not None) == ("fix", True)
    definition = definition_of(office.session, case.version_id)
    assert requested_fields(office.session, case, definition) == ["area", "period"]
    before = case.fee["due"]["approved"]
    shorter = {"start": "2027-04-10", "end": "2027-05-14"}
    smaller = permit() | {"area": rectangle(139.4140, 35.6990, 5, 5), "period": shorter}
    answer_correction(office.session, case, definition, smaller, office.resident)
    assert (case.state, case.answer_by, case.unread) == ("accepted", None, True)
    assert case.fee["due"]["approved"] < before
    place = office.session.scalars(select(CasePlace)).one()
    assert place.area_m2 == pytest.approx(25, abs=0.5)
    assert case.ends_on == place.ends_on == date(2027, 5, 14)
    assert [message.body for message in messages_of(office.session, case.id)] == ["範囲を小さくしてください。"]


def test_the_second_of_two_clerks_learns_that_the_case_moved_on(office: Office) -> None:
    case = office.apply("test-permit", permit())
    move(office, case.id, "accept")
    with pytest.raises(Conflict):
        move(office, case.id, "accept")


def test_a_clerk_without_the_role_cannot_decide(office: Office) -> None:
    case = office.apply("test-permit", permit())
    move(office, case.id, "accept")
    with pytest.raises(Forbidden):
        apply_transition(office.session, case.id, "approve", office.actor, roles=("clerk",))
    definition = definition_of(office.session, case.version_id)
    assert "approve" not in {option.id for option in available(case, definition, ("clerk",))}
    assert "approve" in {option.id for option in available(case, definition, roles_in(office.staff, case))}


def test_a_withdrawal_calls_the_fee_off(office: Office) -> None:
    case = office.apply("test-registration", {"name": NAME})
    apply_transition(office.session, case.id, "withdraw", office.resident, roles=("applicant",))
    (payment,) = payments_of_case(office.session, case.id)
    assert (case.status, payment.status) == ("no", "canceled")


def test_the_applicant_may_not_take_the_office_s_moves(office: Office) -> None:
    case = office.apply("test-permit", permit())
    with pytest.raises(Forbidden):
        apply_transition(office.session, case.id, "accept", office.resident, roles=("applicant",))


def test_a_new_version_leaves_running_cases_on_theirs(office: Office) -> None:
    case = office.apply("test-permit", permit())
    procedure = queries.procedure(office.session, "test-permit")
    procedures.save_draft(office.session, procedure, PERMIT.replace("100 *", "200 *"), office.staff.id)
    procedures.publish(office.session, procedure, office.staff.id)
    newer = office.apply("test-permit", permit(139.4200))
    assert definition_of(office.session, case.version_id).fee[0].amount.startswith("100")
    assert definition_of(office.session, newer.version_id).fee[0].amount.startswith("200")
    assert newer.fee["due"]["approved"] == 2 * case.fee["due"]["approved"]


def test_everything_that_happened_is_in_the_history_once(office: Office) -> None:
    case = office.apply("test-permit", permit())
    move(office, case.id, "accept")
    move(office, case.id, "refuse", note="歩道の幅が足りません。")
    names = [event.name for event in history(office.session, case.id)]
    assert names == ["case.submitted", "case.accepted", "case.message_sent", "case.refused"]
