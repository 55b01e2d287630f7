"""A fee in instalments asks for its first payment with the application; a deposit goes back by itself, once."""

from datetime import date, datetime

from sqlalchemy import select

from portal.cases.corrections import answer_correction
from portal.cases.deposits import deposits_to_return, return_deposits
from portal.cases.effects import effects_of
from portal.cases.fee_changes import fee_difference
from portal.cases.fees import refundable_amount
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.scheduled_fees import ask_for_dues, cases_to_ask, outstanding_dues
from portal.cases.workflows import workflow_for
from portal.cli.installing import install
from portal.core.clock import TOKYO, frozen
from portal.notifications.models import MailMessage
from portal.payments import payments_of_case, refundable_charges
from portal.procedures.definitions import definition_of
from tests.integration.cases.test_fees_of_corrections import attempt_at
from tests.integration.cases.test_submission import NAME
from tests.kit.office import Office

HALL = """
procedure: test-hall
kind: notification
title: {ja: 試験用の集会所}
department: environment
steps:
  - id: who
    title: {ja: 申し込む方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: rooms, type: integer, label: {ja: 部屋の数}, min: 1, default: "1"}
fee:
  - id: room
    label: {ja: 使用料}
    amount: rooms * 1000
    round_to: 10
    schedule: {every: month, instalments: "3", due: {days: 30}}
  - {id: key, label: {ja: 鍵の保証金}, amount: 3000, deposit: true, returned_in: [completed]}
workflow: {preset: notification}
"""


def moved(office: Office, case: Case, move: str) -> Case:
    return apply_transition(office.session, case.id, move, office.actor, roles=("clerk", "decider"))


def refundable(office: Office, case: Case) -> int:
    return refundable_amount(office.session, payments_of_case(office.session, case.id))


def test_the_first_payment_is_asked_for_and_the_deposit_goes_back_once(office: Office) -> None:
    install(office.session, HALL, None)
    case = office.apply("test-hall", {"name": NAME, "rooms": 1})
    assert (case.fee["total"], case.fee["due"]["submission"]) == (4000, 3340)
    (payment,) = payments_of_case(office.session, case.id)
    attempt_at(office, payment, "paid")
    assert refundable(office, case) == 3340
    case = moved(office, case, "accept")
    workflow = workflow_for(office.session, case)
    move = workflow.move(case.state, "complete")
    effects = effects_of(workflow, case, move, by_applicant=False, has_note=False, refundable=0)
    assert (effects.deposit, effects.leave_the_office) == (3000, True)
    case = moved(office, case, "complete")
    assert refundable(office, case) == 340
    (payment,) = payments_of_case(office.session, case.id)
    left = refundable_charges(office.session, payment)
    assert {charge.rule_id: left[charge.id] for charge in payment.charges if charge.rule_id == "key"} == {"key": 0}
    return_deposits(office.session, case, "completed")
    assert refundable(office, case) == 340


def test_a_deposit_that_was_not_paid_is_not_given_back(office: Office) -> None:
    install(office.session, HALL, None)
    case = office.apply("test-hall", {"name": NAME, "rooms": 1})
    return_deposits(office.session, case, "completed")
    assert deposits_to_return(case.fee, "completed") == 3000


def test_later_payments_are_asked_for_when_their_day_comes_each_once(office: Office) -> None:
    install(office.session, HALL, None)
    with frozen(datetime(2026, 11, 24, 10, tzinfo=TOKYO)):
        case = office.apply("test-hall", {"name": NAME, "rooms": 1})
        (first,) = payments_of_case(office.session, case.id)
        attempt_at(office, first, "paid")
        assert (case.next_due_on, cases_to_ask(office.session)) == (date(2026, 12, 24), [])
        moved(office, moved(office, case, "accept"), "complete")
    with frozen(datetime(2026, 12, 24, 10, tzinfo=TOKYO)):
        assert cases_to_ask(office.session) == [case.id]
        assert [ask_for_dues(office.session, case.id) for _ in range(2)] == [1, 0]
    payments = payments_of_case(office.session, case.id)
    (second,) = [payment for payment in payments if payment.purpose.startswith("due:")]
    assert (second.amount, second.is_payable, case.next_due_on) == (330, True, date(2027, 1, 24))
    letter = office.session.scalars(select(MailMessage).order_by(MailMessage.id.desc())).first()
    assert letter is not None and letter.kind == "payment_request"
    with frozen(datetime(2027, 3, 1, 10, tzinfo=TOKYO)):
        assert ask_for_dues(office.session, case.id) == 1
    assert (len(payments_of_case(office.session, case.id)), case.next_due_on, case.state) == (3, None, "completed")


def test_a_withdrawn_case_is_asked_for_nothing_more(office: Office) -> None:
    install(office.session, HALL, None)
    case = office.apply("test-hall", {"name": NAME, "rooms": 1})
    apply_transition(office.session, case.id, "withdraw", office.resident, roles=("applicant",))
    assert case.next_due_on is None
    assert not any(payment.is_payable for payment in payments_of_case(office.session, case.id))


def test_a_correction_changes_what_is_asked_for_later_and_settles_what_was_asked_for(office: Office) -> None:
    install(office.session, HALL, None)
    with frozen(datetime(2026, 11, 24, 10, tzinfo=TOKYO)):
        case = office.apply("test-hall", {"name": NAME, "rooms": 1})
        (first,) = payments_of_case(office.session, case.id)
        attempt_at(office, first, "paid")
        case = moved(office, case, "accept")
    with frozen(datetime(2026, 12, 24, 10, tzinfo=TOKYO)):
        ask_for_dues(office.session, case.id)
        (second,) = [
            payment for payment in payments_of_case(office.session, case.id) if payment.purpose.startswith("due:")
        ]
        attempt_at(office, second, "paid")
        inputs = MoveInputs(note="部屋の数を確かめてください。")
        apply_transition(office.session, case.id, "request_correction", office.actor, roles=("clerk",), inputs=inputs)
        definition = definition_of(office.session, case.version_id)
        answer_correction(office.session, case, definition, {"name": NAME, "rooms": 2}, office.resident)
        more = {
            payment.purpose: payment.amount
            for payment in payments_of_case(office.session, case.id)
            if payment.is_payable
        }
        assert more == {"submission-change-1": 340, f"{second.purpose}-change-1": 330}
        assert [due.amount for due in outstanding_dues(case.fee)] == [660]
        assert fee_difference(office.session, case) is None
    letters = {
        kind for (kind,) in office.session.execute(select(MailMessage.kind).where(MailMessage.case_id == case.id))
    }
    assert {"fee_changed", "later_fees_changed"} <= letters
    with frozen(datetime(2027, 1, 25, 10, tzinfo=TOKYO)):
        assert ask_for_dues(office.session, case.id) == 1
    third = next(
        payment for payment in payments_of_case(office.session, case.id) if payment.id not in {first.id, second.id}
    )
    assert (third.amount, third.purpose.startswith("due:")) == (660, True)
