"""An answer that a paid fee depends on is corrected: nothing is charged, and the person who decides reads both sums first."""

import pytest

from portal.cases.corrections import answer_correction
from portal.cases.fees import FeeDifference, fee_difference, open_fee
from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.queries import history
from portal.core.clock import now
from portal.desk.automatic_checks import fee_difference_text
from portal.payments import Payment, payments_of_case
from portal.payments.models import PaymentAttempt
from portal.payments.sync import recompute_status
from portal.procedures.definitions import definition_of
from tests.integration.cases.test_submission import NAME
from tests.kit.office import Office

OFFICE = ("clerk", "decider", "cashier")


def pay(office: Office, payment: Payment) -> None:
    """The money of a payment arrives."""
    attempt = PaymentAttempt(
        order_id=payment.id, number=1, reference=f"r{payment.id}", amount=payment.amount, received=payment.amount,
        methods=[], request={}, status="paid", settles=True, created_at=now(),
    )  # fmt: skip
    office.session.add(attempt)
    office.session.flush()
    recompute_status(office.session, payment.order)


def paid_case(office: Office, copies: int = 2, *, exempt: bool = False) -> Case:
    """Copies at 500 yen each, paid for and accepted."""
    case = office.apply("test-copies", {"name": NAME, "copies": copies, "exempt": exempt})
    for payment in payments_of_case(office.session, case.id):
        pay(office, payment)
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


def difference(office: Office, case: Case) -> FeeDifference | None:
    return fee_difference(case, payments_of_case(office.session, case.id))


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (2, 3, "補正で料金が変わります:支払い済み 1,000円 → 正しい額 1,500円(差額 +500円)"),
        (3, 1, "補正で料金が変わります:支払い済み 1,500円 → 正しい額 500円(差額 -1,000円)"),
    ],
)
def test_the_difference_is_shown_with_both_sums_and_nothing_is_charged(
    office: Office, before: int, after: int, text: str
) -> None:
    case = paid_case(office, before)
    correct(office, case, after)
    changed = difference(office, case)
    assert changed is not None
    assert fee_difference_text(changed) == text
    (payment,) = payments_of_case(office.session, case.id)
    assert (payment.status, payment.amount, payment.net_received) == ("paid", before * 500, before * 500)
    assert case.fee["due"]["submission"] == before * 500
    (event,) = [event for event in history(office.session, case.id) if event.name == "case.fee_recomputed"]
    assert event.data == {"before": before * 500, "due": after * 500}


def test_a_fee_that_a_correction_removes_is_shown_too(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 2, exempt=True)
    assert difference(office, case) == FeeDifference(before=1000, due=0, paid=True)


def test_a_fee_that_only_the_correction_adds_is_shown_too(office: Office) -> None:
    case = paid_case(office, exempt=True)
    assert payments_of_case(office.session, case.id) == []
    correct(office, case, 2)
    assert difference(office, case) == FeeDifference(before=0, due=1000, paid=True)


def test_an_answer_that_no_fee_depends_on_changes_nothing(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 2)
    assert difference(office, case) is None
    assert "recomputed" not in case.fee


def test_a_second_correction_is_measured_against_what_was_paid(office: Office) -> None:
    case = paid_case(office)
    correct(office, case, 5)
    correct(office, case, 3)
    assert difference(office, case) == FeeDifference(before=1000, due=1500, paid=True)
    correct(office, case, 2)
    assert difference(office, case) is None
    assert "recomputed" not in case.fee


def test_money_given_back_closes_the_difference(office: Office) -> None:
    case = paid_case(office, 3)
    correct(office, case, 2)
    (payment,) = payments_of_case(office.session, case.id)
    payment.charges[0].given_back = 500
    assert difference(office, case) is None


def test_a_fee_nobody_has_paid_yet_asks_for_the_right_sum(office: Office) -> None:
    case = office.apply("test-copies", {"name": NAME, "copies": 2, "exempt": True})
    apply_transition(office.session, case.id, "accept", office.actor, roles=OFFICE)
    correct(office, case, 2)
    assert difference(office, case) == FeeDifference(before=0, due=1000, paid=True)
    case.fee = case.fee | {"lines": case.fee["recomputed"]["lines"]}
    payment = open_fee(office.session, case, "submission")  # asked for by hand, and not paid
    correct(office, case, 4)
    (changed,) = payments_of_case(office.session, case.id)
    assert (changed.id, changed.status, changed.amount) == (payment.id, "open", 2000)
    assert [charge.rule_id for charge in changed.charges] == ["copies"]
    assert payment.charges[0].status == "canceled", "a charge keeps its amount; another takes its place"
    assert difference(office, case) is None
