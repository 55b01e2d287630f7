"""A city paying at a sandbox: both speak real HTTP on loopback ports, and notices go out when the test says so."""

import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
import stripe
from werkzeug.serving import make_server

import portal.app
from madoguchi_sandbox import SandboxServer
from portal.core.config import settings
from portal.payments import Listeners, Payment, Refund, listeners, provider_accounts
from portal.payments.listeners import PaymentChange, RefundChange
from tests.integration.payments.town import Town, a_case
from tests.kit.jobs import forget_jobs


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxServer]:
    """One sandbox for all; each test has an account of its own in it."""
    running = SandboxServer("127.0.0.1", 0, None, None)
    running.start(send_webhooks=False)
    yield running
    running.stop()


@pytest.fixture
def portal_app(monkeypatch: pytest.MonkeyPatch, sandbox: SandboxServer) -> Iterator[Any]:
    """The portal with the pages of payments alone, paying at the sandbox."""
    monkeypatch.setenv("MADOGUCHI_STRIPE_API_BASE", sandbox.url)
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)  # between retries
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.0)
    monkeypatch.setattr(portal.app, "CAPABILITIES", ("portal.payments.views",))
    settings.cache_clear()
    yield portal.app.create_app()
    settings.cache_clear()


@pytest.fixture
def portal_port(portal_app: Any) -> Iterator[int]:
    """The portal on a port of its own, for notices that come over HTTP."""
    server = make_server("127.0.0.1", 0, portal_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def town(
    scratch_city: str, portal_app: Any, portal_port: int, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """日野市 with a case, an account at the sandbox, and somebody who listens to its payments."""
    forget_jobs(scratch_city)
    api_key = f"sk_test_{secrets.token_hex(8)}"
    town = Town(scratch_city, api_key, sandbox, a_case(scratch_city), portal_app.test_client(), portal_port)
    provider_accounts.connect_account(
        scratch_city, display_name="日野市", api_key=api_key, origin=f"http://hino.localhost:{portal_port}"
    )
    # In a real process cases listen; these tests look at the payment alone.
    monkeypatch.setattr(listeners, "_connected", [_recorder(town)])
    yield town
    sandbox.store.execute("UPDATE setting SET value = '' WHERE name <> 'clock_offset'")
    forget_jobs(scratch_city)


def _recorder(town: Town) -> Listeners:
    """Listeners that note each change, and the amount of each refund."""

    def record(change: str) -> Callable[[Any, Payment], None]:
        return lambda _session, _payment: town.changes.append(change)

    def record_refund(change: str) -> Callable[[Any, Payment, Refund], None]:
        def listener(_session: Any, _payment: Payment, refund: Refund) -> None:
            town.changes.append(change)
            town.amounts.append(refund.amount)

        return listener

    changes: dict[str, Any] = {change: record(change) for change in get_args(PaymentChange)}
    refund_changes: dict[str, Any] = {change: record_refund(change) for change in get_args(RefundChange)}
    return Listeners(**changes, **refund_changes)
