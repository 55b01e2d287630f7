"""An answer that a fee depends on is corrected: the difference is asked for, proposed to be given back, or waits for a payment under way."""

import pytest

from portal.cases.corrections import answer_correction
from portal.cases.fee_changes import FeeDifference, fee_difference, settle_fee_change
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden
from portal.core.events import SYSTEM, Actor
from portal.desk.automatic_checks import fee_difference_text
from portal.ledger import balance_of_item
from portal.payments import (
    LineItem,
    Payment,
    approve_refund,
    change_payment,
    payments_of_case,
    reject_refund,
    set_second_person_above,
)
from portal.payments.models import Charge, PaymentAttempt, Refund
from portal.payments.payment_requests import move_charges, new_order
from portal.payments.queries import refunds_of_order
from portal.payments.sync import recompute_status
from portal.procedures.definitions import definition_of
from tests.integration.cases.test_submission import NAME
from tests.kit.office import Office

OFFICE = ("clerk", "decider", "cashier")


def attempt_at(office: Office, payment: Payment, status: str) -> PaymentAttempt:
    """The payer is as far as that with a payment."""
    attempt = PaymentAttempt(
        order_id=payment.id, number=1, reference=f"r{payment.id}", amount=payment.amount, received=payment.amount,
        methods=[], request={}, status=status, settles=status == "paid", created_at=now(),
    )  # fmt: skip
    office.session.add(attempt)
    office.session.flush()
    recompute_status(office.session, payment.order)
    return attempt


def paid_case(office: Office, copies: int = 2, *, exempt: bool = False) -> Case:
    """Copies at 500 yen each, paid for and accepted."""
    case = office.apply("test-copies", {"name": NAME, "copies": copies, "exempt": exempt})
    for payment in payments_of_case(office.session, case.id):
        attempt_at(office, payment, "paid")
    apply_transition(office.session, case.id, "accept", office.actor, roles=OFFICE)
    return case


def correct(office: Office, case: Case, copies: int, *, exempt: bool = False) -> None:
    apply_transition(
        office.session,
        case.id,
        "request_correction",
        office.actor,
        roles=OFFICE,
        inputs=MoveInputs(note="通数を確かめてください。"),
    )
    definition = definition_of(office.session, case.version_id)
    answers = {"name": NAME, "copies": copies, "exempt": exempt}
    answer_correction(office.session, case, definition, answers, office.resident)


def charges_of(office: Office, case: Case) -> list[tuple[str, int]]:
    """What is asked of the case, oldest first: how each payment stands, and its yen."""
    made = payments_of_case(office.session, case.id)[::-1]
    return [(payment.status, payment.amount) for payment in made if payment.status != "canceled"]


def refunds(office: Office, case: Case) -> list[Refund]:
    made = payments_of_case(office.session, case.id)[::-1]
    return [refund for payment in made for refund in refunds_of_order(office.session, payment.id)]


def owed(office: Office, charge: Charge) -> int:
    return balance_of_item(office.session, "receivable", f"charge:{charge.id}")


def test_what_is_missing_is_asked_for_once_and_names_the_line(office: Office) -> None:
    case = paid_case(office, 2)
    correct(office, case, 3)
    settle_fee_change(office.session, case)
    assert charges_of(office, case) == [("paid", 1000), ("open", 500)]
    (more,) = payments_of_case(office.session, case.id)[0].charges
    assert (more.rule_id, more.title["ja"], more.detail["ja"]) == ("copies", "証明書", "訂正による差額")
    assert (owed(office, more), fee_difference(office.session, case)) == (500, None)
    (event,) = [event for event in history(office.session, case.id) if event.name == "case.fee_recomputed"]
    assert event.data == {"before": 1000, "due": 1500}


def test_what_is_too_much_is_proposed_and_decided_by_two_people_above_the_limit(office: Office) -> None:
    case = paid_case(office, 3)
    correct(office, case, 1)
    settle_fee_change(office.session, case)
    (refund,) = refunds(office, case)
    assert (refund.amount, refund.status, refund.grounds, refund.requested_by) == (
        1000,
        "requested",
        "correction",
        None,
    )
    approve_refund(office.session, refund.id, office.actor)
    assert (refund.status, refund.requested_by, refund.approved_by) == ("requested", office.staff.id, None)
    with pytest.raises(Forbidden):
        approve_refund(office.session, refund.id, office.actor)
    assert fee_difference(office.session, case) is None


def test_one_person_decides_below_the_limit(office: Office) -> None:
    set_second_person_above(office.session, 1000, SYSTEM)
    case = paid_case(office, 3)
    correct(office, case, 1)
    (refund,) = refunds(office, case)
    approve_refund(office.session, refund.id, office.actor)
    assert (refund.status, refund.requested_by, refund.approved_by) == ("approved", office.staff.id, None)


def test_a_proposal_that_is_rejected_leaves_a_difference_that_the_office_reads(office: Office) -> None:
    case = paid_case(office, 3)
    correct(office, case, 1)
    (refund,) = refunds(office, case)
    reject_refund(office.session, refund.id, Actor("staff", office.staff.id, "高橋"))
    changed = fee_difference(office.session, case)
    assert changed == FeeDifference(before=1500, due=500, paid=True)
    text = "補正で料金が変わります：支払い済み 1,500円 → 正しい額 500円(差額 -1,000円)"
    assert fee_difference_text(changed) == text


def test_a_fee_that_a_correction_removes_goes_back_and_one_that_it_adds_is_asked_for(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 2, exempt=True)
    assert [refund.amount for refund in refunds(office, case)] == [1000]
    other = paid_case(office, exempt=True)
    assert charges_of(office, other) == []
    correct(office, other, 2)
    assert charges_of(office, other) == [("open", 1000)]


def test_a_second_correction_takes_the_place_of_the_first(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 5)
    correct(office, case, 3)
    assert charges_of(office, case) == [("paid", 1000), ("open", 500)]
    correct(office, case, 1)
    assert charges_of(office, case) == [("paid", 1000)]
    assert [(refund.amount, refund.status) for refund in refunds(office, case)] == [(500, "requested")]
    correct(office, case, 2)
    assert charges_of(office, case) == [("paid", 1000)]
    assert [refund.status for refund in refunds(office, case)] == ["canceled"]
    assert fee_difference(office.session, case) is None
    assert "recomputed" not in case.fee


def test_a_fee_nobody_has_paid_yet_asks_for_the_right_sum(office: Office) -> None:
    case = paid_case(office)
    (payment,) = payments_of_case(office.session, case.id)
    office.session.query(PaymentAttempt).filter_by(order_id=payment.id).delete()
    payment.order.paid_at = payment.order.method = None
    recompute_status(office.session, payment.order)
    (former,) = payment.charges
    correct(office, case, 4)
    assert charges_of(office, case) == [("open", 2000)]
    assert former.status == "canceled", "a charge keeps its amount; another takes its place"
    correct(office, case, 2, exempt=True)
    assert charges_of(office, case) == []


def test_a_voucher_that_is_out_is_waited_for(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 3)
    more = payments_of_case(office.session, case.id)[0]
    voucher = attempt_at(office, more, "pending")
    correct(office, case, 4)
    assert charges_of(office, case) == [("paid", 1000), ("pending", 500)]
    assert fee_difference(office.session, case) == FeeDifference(before=1500, due=2000, paid=False)
    voucher.status, voucher.settles = "paid", True
    recompute_status(office.session, more.order)
    assert charges_of(office, case) == [("paid", 1000), ("paid", 500), ("open", 500)]
    assert fee_difference(office.session, case) is None


def test_an_answer_that_no_fee_depends_on_changes_nothing(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 2)
    assert (charges_of(office, case), fee_difference(office.session, case)) == ([("paid", 1000)], None)
    assert "recomputed" not in case.fee


def test_lines_that_a_counter_took_alone_stay_paid_and_the_others_are_asked_for_again(office: Office) -> None:
    case = office.apply("test-copies", {"name": NAME, "copies": 2, "exempt": False})
    (payment,) = payments_of_case(office.session, case.id)
    copy = LineItem("証明書", 500, id="copies")
    payment = change_payment(office.session, payment, [copy, copy])
    taken, rest = payment.order, new_order(office.session, "証明書", 500, None)
    move_charges(office.session, payment.charges[1:], taken, rest)
    taken.amount = 500
    attempt_at(office, payments_of_case(office.session, case.id)[-1], "paid")
    line = case.fee["lines"][0] | {"amount": 1500}
    case.fee = case.fee | {"recomputed": {"due": 1500, "lines": [line], "undecided": []}}
    with pytest.raises(Conflict):
        change_payment(office.session, payments_of_case(office.session, case.id)[0], [copy])
    settle_fee_change(office.session, case)
    assert charges_of(office, case) == [("paid", 500), ("open", 1000)]
    assert fee_difference(office.session, case) is None
