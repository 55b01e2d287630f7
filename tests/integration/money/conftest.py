"""日野市 with its cases, its cashiers at the desk and its payments at the sandbox, all wired as in production."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe
from flask import Flask
from sqlalchemy import select

from madoguchi_sandbox import SandboxServer
from portal.cases.events import in_history
from portal.cases.models import Case, Event
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.events import SYSTEM, Actor
from portal.identity.models import Account
from portal.notifications.encrypted_email import Email
from portal.notifications.models import MailMessage
from portal.payments import Payment, payments_of_case, provider_accounts, set_second_person_above
from portal.payments.sync import sync_payment
from tests.kit.answers import DOG
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, inhabited, send
from tests.kit.payer import Payer

CITY = "hino"
RESIDENT = "misaki@example.jp"


@dataclass
class Hall:
    """The city hall: two cashiers and a clerk who is none, and the resident's cases."""

    app: Flask
    sandbox: SandboxServer
    api_key: str
    cashier: Browser
    second: Browser
    clerk: Browser
    ids: dict[str, int]
    account_id: int = 0
    payers: list[Payer] = field(default_factory=list)

    def actor(self, name: str) -> Actor:
        return Actor("staff", self.ids[name], "試験 職員")

    def apply(self) -> Payer:
        """A dog is registered for 3,000 yen, which are still to pay."""
        with city_session(CITY) as session:
            case = send(session, begin(session, "dog-registration", DOG, self.account_id))
            case_id = case.id
        return Payer(CITY, self.api_key, self.sandbox, case_id, self.app.test_client(), 0)

    def payments(self, payer: Payer) -> list[Payment]:
        """The payments of the case, oldest first."""
        with city_session(CITY) as session:
            return payments_of_case(session, payer.case_id)[::-1]

    def paid(self) -> tuple[Payer, Payment]:
        """A case that is paid for."""
        payer = self.apply()
        (payment,) = self.payments(payer)
        self.pay(payer, payment)
        return payer, payer.read(payment)

    def pay(self, payer: Payer, payment: Payment, amount: int | None = None) -> None:
        """Pay by card; with `amount` the provider shows that many yen (a voucher paid short, a changed page)."""
        page = payer.start(payment, "card")
        if amount is not None:
            self._show(payer, page, amount)
        assert payer.pay(page) == 303
        sync_payment(CITY, payment.id, checkout_id=payer.session_at(page)["id"])

    def _show(self, payer: Payer, page: str, amount: int) -> None:
        store = self.sandbox.store
        checkout_session = dict(payer.session_at(page))
        store.save(checkout_session | {"amount_total": amount, "amount_subtotal": amount})

    def move(self, payer: Payer, name: str, note: str = "", **more: Any) -> None:
        """A clerk who may everything carries out a move."""
        with city_session(CITY) as session:
            apply_transition(
                session,
                payer.case_id,
                name,
                self.actor("cashier"),
                roles=("clerk", "decider", "cashier"),
                inputs=MoveInputs(note=note, **more),
            )

    def case(self, payer: Payer) -> Case:
        with city_session(CITY) as session:
            return session.get_one(Case, payer.case_id)

    def letters(self, payer: Payer, kind: str) -> list[str]:
        """The letters of a kind about a case, oldest first."""
        with city_session(CITY) as session:
            query = select(MailMessage).where(MailMessage.kind == kind, MailMessage.case_id == payer.case_id)
            rows = session.scalars(query.order_by(MailMessage.id))
            return [Email.decrypt(CITY, row.kind, row.sealed).body for row in rows]

    def events(self, payer: Payer, name: str) -> list[Event]:
        with city_session(CITY) as session:
            query = select(Event).where(in_history(payer.case_id), Event.name == name)
            return list(session.scalars(query.order_by(Event.id)))


@pytest.fixture(scope="package")
def sandbox() -> Iterator[SandboxServer]:
    """The provider's stand-in; it sends nothing automatically."""
    running = SandboxServer("127.0.0.1", 0, None, None)
    running.start(send_webhooks=False)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def hall(database: None, sandbox: SandboxServer) -> Iterator[Hall]:
    """See `Hall`."""
    from portal.app import create_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MADOGUCHI_STRIPE_API_BASE", sandbox.url)
        patch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
        patch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.0)
        patch.setattr("portal.notifications.jobs.deliver", lambda *_: None)  # letters are read from their sealed rows
        settings.cache_clear()
        app = create_app()
        with inhabited([CITY], ("dog-registration", "road-occupancy")):
            every_role = ("clerk", "decider", "cashier")
            ids = {
                name: hire(CITY, f"{name}@example.jp", {"environment": roles})
                for name, roles in (("cashier", every_role), ("second", every_role), ("clerk", ("clerk",)))
            }
            ids["other"] = hire(CITY, "other@example.jp", {"road-management": every_role})
            api_key = f"sk_test_{secrets.token_hex(8)}"
            provider_accounts.connect_account(
                CITY, display_name="日野市", api_key=api_key, origin="http://hino.localhost:1"
            )
            desks = [
                Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{who}@example.jp")
                for place, who in enumerate(("cashier", "second", "clerk"), 30)
            ]
            Browser(app, CITY).sign_in(RESIDENT)
            with city_session(CITY) as session:
                account = session.scalars(select(Account.id)).one()
            yield Hall(app, sandbox, api_key, *desks, ids, account)
    settings.cache_clear()


@pytest.fixture
def without_approval(hall: Hall) -> Iterator[None]:
    """A city in which one person may refund."""
    with city_session(CITY) as session:
        set_second_person_above(session, None, SYSTEM)
    yield
    with city_session(CITY) as session:
        set_second_person_above(session, 0, SYSTEM)
