"""A resident who pays for a case at the sandbox, with methods that act as payer, store clerk, provider and worker."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from madoguchi_sandbox import SandboxServer
from madoguchi_sandbox.store import JsonObject
from portal.cases.events import in_history
from portal.core.database import city_session
from portal.core.events import Event
from portal.payments import LineItem, Payment, open_payment, payments_of_order
from portal.payments.checkout import CheckoutOptions, start_checkout
from portal.payments.models import PaymentAttempt, Refund
from tests.kit.city import employ
from tests.kit.jobs import work

ORIGIN = "http://hino.localhost:8000"


@dataclass
class Payer:
    """A case that is paid for: its city, the changes that listeners were notified of, and the actions of payer and operator."""

    key: str
    api_key: str
    sandbox: SandboxServer
    case_id: int
    browser: FlaskClient
    port: int
    changes: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)

    def open(self, *lines: LineItem, next_path: str | None = None) -> Payment:
        """Open a payment for the case: by default the registration of a dog, 3,550 yen."""
        with city_session(self.key) as session:
            due = lines or (LineItem("犬の登録", 3000), LineItem("注射済票", 550))
            return open_payment(session, self.case_id, due, title="犬の登録", next_path=next_path)

    def start(self, payment: Payment, method: str = "", *, restart: bool = False) -> str:
        """Press the button that leads to the provider."""
        return start_checkout(self.key, payment.public_id, CheckoutOptions(ORIGIN, method, restart=restart))

    def pay(self, url: str, card: str = "4242424242424242") -> int:
        """Fill in the card form of the provider's page."""
        form = {"number": card, "email": "misaki@example.jp", "name": "SATO MISAKI"}
        return self.sandbox.app.test_client().post(f"{path_of(url)}/card", data=form).status_code

    def take_voucher(self, url: str) -> None:
        """Choose to pay at a convenience store."""
        form = {"email": "misaki@example.jp", "name": "佐藤 美咲"}
        answer = self.sandbox.app.test_client().post(f"{path_of(url)}/konbini", data=form)
        assert answer.status_code == 303

    def at_the_store(self, outcome: str, url: str) -> int:
        """`pay` the voucher at the counter, or let it `expire`."""
        intent = self.session_at(url)["payment_intent"]
        return self.sandbox.app.test_client().post(f"/operator/vouchers/{intent}/{outcome}").status_code

    def choose_transfer(self, payment: Payment) -> str:
        """Choose bank transfer, and come back to the city; the page's address at the provider."""
        url = self.start(payment, "bank_transfer")
        form = {"email": "misaki@example.jp", "name": "佐藤 美咲"}
        answer = self.sandbox.app.test_client().post(f"{path_of(url)}/transfer", data=form)
        assert answer.status_code == 303
        assert self.come_back(payment).status_code == 303
        return url

    def transfer(self, url: str, amount: int) -> None:
        """Transfer so many yen to the account of a page, whatever became of it, and let the city hear of it."""
        intent = self.session_at(url)["payment_intent"]
        answer = self.sandbox.app.test_client().post(f"/operator/transfers/{intent}/receive", data={"amount": amount})
        assert answer.status_code == 303
        self.deliver()

    def returns_end(self, outcome: str) -> None:
        """Let every refund that is under way at the provider end so."""
        for refund in self.sandbox.store.list_objects("refund", account_name(self.api_key)):
            if refund["status"] in ("pending", "requires_action"):
                self.sandbox.app.test_client().post(f"/operator/refunds/{refund['id']}/{outcome}")
        self.deliver()

    def funds(self) -> int:
        """The yen that the provider holds for payers."""
        customers = self.sandbox.store.list_objects("customer", account_name(self.api_key))
        return sum(self.sandbox.store.private_data(each["id"])["cash"] for each in customers)

    def session_at(self, url: str) -> JsonObject:
        """The provider's session behind a page's address."""
        return self.sandbox.store.get(path_of(url).rsplit("/", 1)[1])

    def come_back(self, payment: Payment, query: str = "") -> Any:
        """Return from the provider's page."""
        return self.browser.get(f"/pay/{payment.public_id}/return{query}", base_url=ORIGIN)

    def page(self, payment: Payment) -> str:
        """The text that the payer reads."""
        answer = self.browser.get(f"/pay/{payment.public_id}", base_url=ORIGIN)
        assert answer.status_code == 200
        return answer.text

    def press(self, payment: Payment, **form: str) -> Any:
        """Press the page's button, with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page(payment))
        assert token is not None
        data = {"csrf_token": token[1], **form}
        return self.browser.post(f"/pay/{payment.public_id}/start", base_url=ORIGIN, data=data)

    def deliver(self) -> None:
        """Let the provider send its notices, and the worker do the work."""
        self.sandbox.webhooks.deliver_due()
        self.work()

    def work(self) -> list[str]:
        """Run the city's jobs, in order, until none is left."""
        return work(self.key)

    def status(self, payment: Payment) -> str:
        """The payment's state as stored."""
        return self.read(payment).status

    def read(self, payment: Payment) -> Payment:
        """The payment as stored."""
        with city_session(self.key) as session:
            return payments_of_order(session, payment.id)[0]

    def attempts(self, payment: Payment) -> list[PaymentAttempt]:
        """The attempts as stored, oldest first."""
        with city_session(self.key) as session:
            query = select(PaymentAttempt).where(PaymentAttempt.order_id == payment.id)
            return list(session.scalars(query.order_by(PaymentAttempt.number)))

    def refunds(self, payment: Payment) -> list[Refund]:
        """The refunds as stored, oldest first."""
        with city_session(self.key) as session:
            return list(session.scalars(select(Refund).where(Refund.order_id == payment.id).order_by(Refund.id)))

    def history(self) -> list[str]:
        """The names of the case's events, in order."""
        with city_session(self.key) as session:
            query = select(Event.name).where(in_history(self.case_id))
            return list(session.scalars(query.order_by(Event.id)))

    def sessions(self) -> list[JsonObject]:
        """The provider's sessions of this city's account, newest first."""
        account = account_name(self.api_key)
        return self.sandbox.store.list_objects("checkout.session", account)

    def staff(self, name: str) -> int:
        """A member of staff, by id."""
        with city_session(self.key) as session:
            return employ(session, f"{secrets.token_hex(4)}@example.jp", {}, name).id


def path_of(url: str) -> str:
    return url.split("/", 3)[3].join(("/", ""))


def account_name(api_key: str) -> str:
    return "acct_" + hashlib.sha256(api_key.encode()).hexdigest()[:16]
