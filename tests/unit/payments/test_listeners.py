"""Cases are notified of payments in every process, and a process in which they would not be reports it."""

import os
from typing import Any, get_args

import pytest

from portal import wiring
from portal.payments import CaseRefund, Listeners, NotConnected, Order, Payment, connect_listeners, listeners
from portal.payments.listeners import PaymentChange, RefundChange
from tests.forks import Forks

PAYMENT = Payment(Order(), 1, ())


def recorder(notified: list[str]) -> Listeners:
    """Listeners that note every change."""

    def listener(change: str) -> Any:
        return lambda *_arguments: notified.append(change)

    return Listeners(**{change: listener(change) for change in (*get_args(PaymentChange), *get_args(RefundChange))})


@pytest.fixture
def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that connected nothing."""
    monkeypatch.setattr(listeners, "_connected", [])


@pytest.mark.usefixtures("unconnected")
def test_a_change_without_a_listener_is_an_error() -> None:
    nothing: Any = None
    with pytest.raises(NotConnected):
        listeners.emit(nothing, [PAYMENT], "paid")
    with pytest.raises(NotConnected):
        listeners.emit_refund(nothing, [(PAYMENT, CaseRefund(1, 1, 300))], "refunded")


def test_one_listener_that_is_missing_is_named() -> None:
    changes: dict[str, Any] = dict.fromkeys((*get_args(PaymentChange), *get_args(RefundChange)), print)
    del changes["needs_review"]
    with pytest.raises(TypeError, match="needs_review"):
        Listeners(**changes)


@pytest.mark.usefixtures("unconnected")
def test_listeners_that_are_connected_again_are_notified_once() -> None:
    notified: list[str] = []
    nothing: Any = None
    for _ in range(2):
        connect_listeners([recorder(notified)])
    listeners.emit(nothing, [PAYMENT], "paid")
    listeners.emit_refund(nothing, [(PAYMENT, CaseRefund(1, 1, 300))], "refund_failed")
    assert notified == ["paid", "refund_failed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        "from portal import wiring; wiring.connect()",
        "import portal.app; portal.app.wiring.connect()",
        "from portal import wiring; wiring.connect(); wiring.connect()",
    ],
)
def test_a_fresh_process_is_connected_by_one_call(forks: Forks, start: str) -> None:
    code = (
        f"{start}\nfrom portal.cases.payment_listeners import LISTENERS\nfrom portal.payments import listeners\n"
        "assert listeners._connected == [LISTENERS]"
    )
    assert forks.run(("-c", code), os.environ) == (0, "")


@pytest.mark.slow
def test_a_process_that_imports_payments_alone_is_not_connected(forks: Forks) -> None:
    code = "from portal.payments import listeners\nlisteners.emit(None, [], 'paid')"
    status, output = forks.run(("-c", code), os.environ)
    assert status != 0
    assert "NotConnected" in output


def test_every_task_of_the_worker_is_registered_by_the_same_call() -> None:
    from portal.core.jobs import app

    assert {"portal.cases.jobs", "portal.payments.jobs"} <= set(wiring.connect())
    assert {"payments.process_event", "payments.send_refund", "cases.purge"} <= set(app.tasks)


def test_a_job_that_an_older_version_enqueued_still_runs() -> None:
    from portal.core.jobs import app

    wiring.connect()
    assert app.tasks["payments.take_notice"] is app.tasks["payments.process_event"]
    assert app.tasks["payments.close_attempts"] is app.tasks["payments.expire_checkouts"]
    assert app.tasks["cases.clear_away"] is app.tasks["cases.purge"]
