"""Money in any order of events: Hypothesis chooses who does what (`money_machine`), with a provider in memory."""

import os
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.events import Actor
from portal.payments import Listeners, Payment, listeners
from portal.payments.listeners import PaymentChange, RefundChange
from portal.payments.models import PaymentAccount
from tests.integration.payments.money_machine import CURRENT, Money
from tests.kit.payer import Payer

EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "5"))
STEPS = 30


@pytest.fixture
def people(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Actor, Actor]]:
    """Two members of staff, in a city whose provider and listeners are those of the machine that runs."""

    def note(change: str) -> Callable[..., None]:
        def listener(_session: Session, payment: Payment, *_refund: object) -> None:
            if CURRENT.machine is not None:
                CURRENT.machine.told[change, payment.id, payment.case_id] += 1

        return listener

    changes: dict[str, Any] = {change: note(change) for change in (*get_args(PaymentChange), *get_args(RefundChange))}
    monkeypatch.setattr(listeners, "_connected", [Listeners(**changes)])
    monkeypatch.setattr("portal.payments.provider_accounts.make_provider", lambda _key: CURRENT.provider())
    with city_session(payer.key) as session:
        session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one().methods = ["card", "bank_transfer"]
    first, second = (Actor("staff", payer.staff(name), name) for name in ("中村", "木村"))
    yield first, second
    CURRENT.machine = None


def test_no_yen_is_lost_or_doubled_whatever_happens_in_which_order(payer: Payer, people: tuple[Actor, Actor]) -> None:
    """More: `scripts/chaos rules 500`."""
    run_state_machine_as_test(
        lambda: Money(payer, people),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=EXAMPLES <= 10,  # the same few in the suite, others in a long run
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert CURRENT.received, "nobody paid anything"
