"""A city paying at a sandbox: both speak real HTTP on loopback ports, and notices go out when the test says so."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
import stripe
from sqlalchemy import event, select

import portal.app
from madoguchi_sandbox import SandboxServer
from portal import tills
from portal.core.config import settings
from portal.core.database import city_session, engine
from portal.core.events import Actor
from portal.identity.models import Department
from portal.payments import CaseRefund, Listeners, Payment, listeners, provider_accounts
from portal.payments.listeners import PaymentChange, RefundChange
from tests.integration.payments.counter import FLOAT, Counter
from tests.kit.catalogue import catalogue
from tests.kit.city import bare_case, furnish
from tests.kit.jobs import forget_jobs
from tests.kit.payer import Payer
from tests.kit.serving import serving


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
    with serving(portal_app) as port:
        yield port


@pytest.fixture
def payer(
    scratch_city: str, portal_app: Any, portal_port: int, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Payer]:
    """日野市 with a case, an account at the sandbox, and somebody who listens to its payments."""
    forget_jobs(scratch_city)
    api_key = f"sk_test_{secrets.token_hex(8)}"
    with city_session(scratch_city) as session:
        furnish(session, {"dog-registration": catalogue()["dog-registration"]})
        case_id = bare_case(session, "dog-registration").id
    payer = Payer(scratch_city, api_key, sandbox, case_id, portal_app.test_client(), portal_port)
    provider_accounts.connect_account(
        scratch_city, display_name="日野市", api_key=api_key, origin=f"http://hino.localhost:{portal_port}"
    )
    # In a real process cases listen; these tests look at the payment alone.
    monkeypatch.setattr(listeners, "_connected", [_recorder(payer)])
    yield payer
    sandbox.store.execute("UPDATE setting SET value = '' WHERE name <> 'clock_offset'")
    forget_jobs(scratch_city)


def _recorder(payer: Payer) -> Listeners:
    """Listeners that note each change, and the amount of each refund."""

    def record(change: str) -> Callable[[Any, Payment], None]:
        return lambda _session, _payment: payer.changes.append(change)

    def record_refund(change: str) -> Callable[[Any, Payment, CaseRefund], None]:
        def listener(_session: Any, _payment: Payment, refund: CaseRefund) -> None:
            payer.changes.append(change)
            payer.amounts.append(refund.amount)

        return listener

    changes: dict[str, Any] = {change: record(change) for change in get_args(PaymentChange)}
    refund_changes: dict[str, Any] = {change: record_refund(change) for change in get_args(RefundChange)}
    return Listeners(**changes, **refund_changes)


@pytest.fixture
def counter(payer: Payer) -> Counter:
    first, second = (Actor("staff", payer.staff(name), name) for name in ("中村", "木村"))
    with city_session(payer.key) as session:
        department = session.scalars(select(Department.id).order_by(Department.id)).first() or 0
        made = [tills.add_till(session, department, title, 1_000, first).id for title in ("1番窓口", "2番窓口")]
        for till_id in made:
            tills.open_till(session, till_id, FLOAT, first)
    return Counter(payer, department, first, second, (made[0], made[1]))


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that goes to the database from here on."""
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine(), "before_cursor_execute", keep)
    yield sent
    event.remove(engine(), "before_cursor_execute", keep)
