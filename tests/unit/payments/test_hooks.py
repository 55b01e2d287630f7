"""Cases hear of payments in every process, and a process in which they would not says so."""

import os
from typing import Any

import pytest

from portal import wiring
from portal.payments import hooks
from tests.forks import Forks


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that joined nothing."""
    monkeypatch.setattr(hooks, "_listeners", {change: [] for change in hooks.CHANGES})
    monkeypatch.setattr(hooks, "_refund_listeners", {change: [] for change in hooks.REFUND_CHANGES})


@pytest.mark.usefixtures("nobody")
def test_news_of_a_payment_that_nobody_would_hear_is_an_error() -> None:
    nothing: Any = None
    with pytest.raises(hooks.NotConnected):
        hooks.emit(nothing, nothing, "paid")
    with pytest.raises(hooks.NotConnected):
        hooks.emit_refund(nothing, nothing, nothing, "refunded")


@pytest.mark.usefixtures("nobody")
def test_one_listener_that_is_missing_is_named() -> None:
    for change in set(hooks.CHANGES) - {"needs_review"}:
        hooks.on(change)(lambda _session, _payment: None)
    for change in hooks.REFUND_CHANGES:
        hooks.on_refund(change)(lambda _session, _payment, _refund: None)
    with pytest.raises(hooks.NotConnected, match="needs_review"):
        hooks.require()


@pytest.mark.parametrize(
    "start",
    [
        "from portal import wiring; wiring.connect()",
        "import portal.app; portal.app.wiring.connect()",
        "from portal.payments import hooks; from portal.cases import payment_listeners",
    ],
)
def test_a_fresh_process_is_joined_by_one_call(forks: Forks, start: str) -> None:
    code = f"{start}\nfrom portal.payments import hooks\nhooks.require()"
    assert forks.run(("-c", code), os.environ) == (0, "")


def test_a_process_that_imports_payments_alone_is_not_joined(forks: Forks) -> None:
    code = "from portal.payments import actions, hooks\nhooks.require()"
    status, output = forks.run(("-c", code), os.environ)
    assert status != 0
    assert "NotConnected" in output


def test_every_task_of_the_worker_is_registered_by_the_same_call() -> None:
    from portal.core.jobs import app

    assert {"portal.cases.jobs", "portal.payments.jobs"} <= set(wiring.connect())
    assert {"payments.process_event", "payments.send_refund", "cases.clear_away"} <= set(app.tasks)


def test_a_job_that_an_older_version_enqueued_still_runs() -> None:
    from portal.core.jobs import app

    wiring.connect()
    assert app.tasks["payments.take_notice"] is app.tasks["payments.process_event"]
    assert app.tasks["payments.close_attempts"] is app.tasks["payments.expire_checkouts"]
