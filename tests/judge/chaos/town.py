"""One city of the chaos: two members of staff at their windows, an open till, what was asked of residents, and what lies about for later."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.cases import seen_version
from portal.cases.models import Case
from portal.core.database import city_of, city_session
from portal.core.errors import DomainError
from portal.core.events import SYSTEM, Actor
from portal.core.tenancy import city
from portal.demo.cities import DEPARTMENTS
from portal.identity.models import Department
from portal.identity.resident_accounts import sign_in_account
from portal.notifications.models import MailMessage
from portal.payments import payments_of_case, set_second_person_above
from portal.payments.models import Order, PaymentAccount
from portal.tills import add_till
from tests.integration.access.town import EVERY_ROLE
from tests.judge.browser import HttpBrowser
from tests.judge.clients import Patience
from tests.judge.ground import Ground
from tests.kit.answers import DOG
from tests.kit.city import begin, hire, send

SECOND_PERSON_ABOVE = 500
"""Yen: smaller refunds and waivers need one person, larger ones two."""
Done = TypeVar("Done")


@dataclass(frozen=True)
class Fee:
    """What one application asks for at once: the order's id and public id, its charges, and yen."""

    case_id: int
    case: str
    number: str
    order_id: int
    order: str
    charges: tuple[int, ...]
    amount: int


@dataclass
class Slip:
    """A line that a bank will report: the order whose slip was paid, and yen."""

    order_id: int
    amount: int


@dataclass
class Town:
    """See the module; everything that payers of the same city share.

    Of this leg: `told` are the pages whose payers the provider told that it is paid. Of before: `begun_at` is the newest order,
    `payers_told` the number of mails to those who paid for somebody else; `opened_at` and `told_at_opening` are those of the first leg.
    """

    ground: Ground
    key: str
    seed: str
    staff: list[Actor] = field(default_factory=list)
    windows: list[HttpBrowser] = field(default_factory=list)
    till: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    payment_count: int = 0
    told: set[str] = field(default_factory=set)
    slips: list[Slip] = field(default_factory=list)
    vouchers: list[str] = field(default_factory=list)
    accounts: list[tuple[str, int]] = field(default_factory=list)
    charges: list[str] = field(default_factory=list)
    begun_at: int = 0
    payers_told: int = 0
    opened_at: int = 0
    told_at_opening: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Hire, sign in, and set a till up; needs the web."""
        offices = dict.fromkeys(DEPARTMENTS, EVERY_ROLE)
        for number, name in enumerate(("中村", "木村"), 1):
            email = f"chaos{number}-{self.seed}@example.jp"
            self.staff.append(Actor("staff", hire(self.key, email, offices), name))
            self.windows.append(self._window(email, f"203.0.113.{100 + number}"))
        with city_session(self.key) as session:
            account = session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one()
            account.methods = [*dict.fromkeys((*account.methods, "bank_transfer"))]
            set_second_person_above(session, SECOND_PERSON_ABOVE, SYSTEM)
            office = session.scalars(select(Department.id).where(Department.key == "environment")).one()
            self.till = add_till(session, office, "1番窓口", 1_000, self.staff[0]).id
        self.begin()
        self.opened_at, self.told_at_opening = self.begun_at, self.payers_told

    def _window(self, email: str, address: str) -> HttpBrowser:
        """A desk where a member of staff is signed in; from the beginning again while the web was just killed."""
        patience = Patience("sign in at the desk")
        while True:
            try:
                return HttpBrowser(self.ground.port, self.key, address).sign_in_at_desk(email)
            except (OSError, HTTPException, AssertionError):
                patience.wait()

    def begin(self) -> None:
        """A new leg: what was asked for until now was judged."""
        mails = select(func.count()).where(MailMessage.kind == "payer_confirmation")
        with city_session(self.key) as session:
            self.begun_at = session.scalar(select(func.coalesce(func.max(Order.id), 0))) or 0
            self.payers_told = session.scalar(mails) or 0
        self.told.clear()

    def act(self, act: Callable[..., Done], *arguments: Any, **more: Any) -> Done | None:
        """Do something in a transaction of its own, again whenever the database was killed; None where it is refused."""
        patience = Patience(act.__name__)
        while True:
            try:
                with city_session(self.key) as session:
                    return act(session, *arguments, **more)
            except DomainError:
                return None
            except SQLAlchemyError:
                patience.wait()

    def ask(self, email: str, copies: int = 0) -> Fee:
        """Send an application that costs something: a dog's registration, or so many copies of a resident record."""
        fee = self.act(_asked, email, copies)
        assert fee is not None
        with self.lock:
            self.payment_count += 1
        return fee

    def seen(self, case_id: int) -> str:
        """The version of a case that a page which was opened now would carry."""
        return self.act(lambda session: str(seen_version(session, session.get_one(Case, case_id)))) or ""

    def query(self, statement: Any) -> list[Any]:
        """The rows of a statement that has one column."""
        return self.act(lambda session: list(session.scalars(statement))) or []


def _asked(session: Session, email: str, copies: int) -> Fee:
    account = sign_in_account(session, email, "ja")
    case = send(session, begin(session, *_application(city_of(session), copies), account))
    (payment,) = payments_of_case(session, case.id)
    charges = tuple(charge.id for charge in payment.charges)
    return Fee(case.id, case.public_id, case.number, payment.id, payment.public_id, charges, payment.amount)


def _application(key: str, copies: int) -> tuple[str, dict[str, Any]]:
    home = {"address": DOG["address"] | {"city": city(key).name}}
    if not copies:
        return "dog-registration", DOG | home
    person = {name: DOG[name] for name in ("name", "kana", "phone")} | home | {"birthday": "1990-04-02"}
    return "resident-certificate", person | {"scope": "whole", "entries": [], "copies": copies, "purpose": "work"}
