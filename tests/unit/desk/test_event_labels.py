"""The history in words: every event has a label."""

import pytest

from portal.core.clock import now
from portal.core.events import Event, event_kinds
from portal.desk.automatic_checks import PAYMENT_TEXTS, AutomaticCheck, payment_check
from portal.desk.event_labels import event_label
from portal.payments import Charge, Order, Payment


def test_every_event_has_a_label() -> None:
    labels = {name: event_label(Event(name=name, data={}, at=now())) for name in event_kinds()}
    assert {name for name, label in labels.items() if not label.endswith(("た", "す"))} == set()
    assert {name for name, label in labels.items() if "。" in label} == set()


def test_money_is_named() -> None:
    assert event_label(Event(name="payment.paid", data={"amount": 3550}, at=now())) == "支払いを確かめました 3,550円"


@pytest.mark.parametrize("status", sorted(PAYMENT_TEXTS))
def test_a_payment_holds_only_when_the_money_is_there(status: str) -> None:
    charge = Charge(
        amount=3550, waived=0, received=0, given_back=0, status="refunded" if status == "refunded" else "paid"
    )
    check = payment_check(Payment(Order(status=status, paid_at=None), 1, (charge,)))
    assert check == AutomaticCheck(status in {"paid", "refunded"}, f"3,550円・{PAYMENT_TEXTS[status]}")


def test_every_status_that_a_payment_can_have_has_a_text() -> None:
    (check,) = [
        constraint for constraint in Order.__table__.constraints if "status" in str(getattr(constraint, "sqltext", ""))
    ]
    assert all(f"'{status}'" in str(check.sqltext) for status in PAYMENT_TEXTS)
    assert str(check.sqltext).count("'") == 2 * len(PAYMENT_TEXTS)
