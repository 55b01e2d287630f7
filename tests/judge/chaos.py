"""Chaos: people pay in two cities while processes are killed and the provider has troubles; afterwards every yen is where it belongs, once."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from tests.judge import books
from tests.judge.books import CITIES
from tests.judge.browser import ask
from tests.judge.kills import Killer
from tests.judge.kills import Plan as KillPlan
from tests.judge.payers import Payer
from tests.judge.report import Report

if TYPE_CHECKING:
    from tests.judge.ground import Ground

VICTIMS = ("web worker", "worker", "backend", "postmaster", "sandbox")
METHODS = {f"method_{name}": "on" for name in ("card", "konbini", "paypay", "customer_balance")}
API_TROUBLES = ("", "before", "after", "cut", "rate_limit")
WEBHOOK_TROUBLES = ("delay", "duplicate", "reorder", "drop")
PAUSE_SECONDS = (4.0, 12.0)
"""Between kills: long enough that payments come to their end, short enough that few do undisturbed."""
ROUNDS = 3
"""Sweeps after all is over: what one of them begins (a refund of what was paid twice), the next sees ended."""


@dataclass(frozen=True)
class Plan:
    """How long at most, how many payments at most, and what else follows from the seed."""

    seed: int
    seconds: float
    payments: int
    clients: int
    victims: tuple[str, ...] = VICTIMS


@dataclass
class Troublemaker:
    """Presses the switches of the provider's stand-in, now these, now those."""

    ground: "Ground"
    rng: Random
    made: Counter[str] = field(default_factory=Counter)

    def run(self, over: threading.Event) -> None:
        """Make trouble until `over`."""
        while not over.wait(self.rng.uniform(0.5, 2)):
            kinds = [name for name in WEBHOOK_TROUBLES if self.rng.random() < 0.5]
            api_trouble = self.rng.choice(API_TROUBLES)
            percents = {"fault_percent": "30", "api_fault_percent": "20", "delay_seconds": "2"}
            if self._switch(dict.fromkeys(kinds, "on") | {"api_fault": api_trouble} | percents):
                self.made.update([*kinds, *([f"api {api_trouble}"] if api_trouble else [])])

    def calm(self) -> None:
        """End all troubles, as soon as the stand-in answers."""
        until = time.monotonic() + 60
        while not self._switch({}) and time.monotonic() < until:
            time.sleep(0.2)

    def _switch(self, form: dict[str, str]) -> bool:
        body = urlencode(METHODS | form).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        port = urlsplit(self.ground.sandbox).port or 80
        try:
            return ask(port, "POST", "/operator/switches", body, headers).status_code == 303
        except (OSError, HTTPException):
            return False


def judge_chaos(ground: "Ground", plan: Plan) -> Report:
    """Pay while things die and fail; then compare each payment with the provider."""
    report = Report("chaos")
    most = -(-plan.payments // (plan.clients * len(CITIES)))
    payers = [
        Payer(ground, city, f"{plan.seed}-{number}", Random(f"{plan.seed}:{city}:{number}"), most)
        for city in CITIES
        for number in range(plan.clients)
    ]
    killer = Killer(ground, KillPlan(plan.seed, plan.seconds, plan.clients, plan.victims), PAUSE_SECONDS)
    trouble = Troublemaker(ground, Random(f"{plan.seed}:trouble"))
    over, quiet = threading.Event(), threading.Event()
    begun = time.monotonic()
    with ground.tended():
        people = [threading.Thread(target=payer.run, args=(over,)) for payer in payers]
        spoilers = [threading.Thread(target=spoiler.run, args=(quiet,)) for spoiler in (killer, trouble)]
        for thread in (*people, *spoilers):
            thread.start()
        while time.monotonic() - begun < plan.seconds and sum(len(payer.owed) for payer in payers) < plan.payments:
            time.sleep(0.2)
        quiet.set()
        for thread in spoilers:
            thread.join()
        trouble.calm()
        over.set()
        for thread in people:
            thread.join()
        ground.wait_for_web()
        for city in CITIES:
            _come_to_rest(city)
    paid = sum(_judge_city(ground, city, [p for p in payers if p.city == city], report) for city in CITIES)
    for payer in payers:
        report.requests += payer.browser.requests
        report.faults += payer.faults
    report.figures = {
        "payments": sum(len(payer.owed) for payer in payers),
        "paid": paid,
        "ways": _told(sum((payer.ways for payer in payers), Counter())),
        "killed": _told(killer.killed),
        "troubles": _told(trouble.made),
    }
    return report


def _told(counted: Counter[str]) -> str:
    return " ".join(f"{name}×{times}" for name, times in sorted(counted.items())) or "none"


def _come_to_rest(city: str) -> None:
    """Let the worker finish, and do at once what it does every five minutes and every night: look at what had no news, fetch lost events."""
    from portal.payments import jobs

    for _ in range(ROUNDS):
        books.settle_down()
        with patch.object(jobs, "POLL_AFTER", timedelta(0)):
            jobs.sweep(city)
        jobs.fetch_undelivered(city)
    books.settle_down()


def _judge_city(ground: "Ground", city: str, payers: list[Payer], report: Report) -> int:
    """Hold each payment of these payers against the provider, and its letters; how many are paid."""
    from sqlalchemy import select

    from portal.core.database import city_session
    from portal.notifications.models import MailMessage
    from portal.payments import payments_of_order
    from portal.payments.models import Order, PaymentAttempt

    owed = {public_id for payer in payers for public_id in payer.owed}
    confirmed = {public_id for payer in payers for public_id in payer.confirmed}
    charged: dict[str, list[dict[str, Any]]] = {}
    for charge in books.charges(ground, city):
        charged.setdefault(charge["metadata"]["reference"], []).append(charge)
    with city_session(city) as session:
        orders = {order.public_id: order for order in session.scalars(select(Order)) if order.public_id in owed}
        attempts: dict[int, list[PaymentAttempt]] = {}
        for attempt in session.scalars(select(PaymentAttempt)):
            attempts.setdefault(attempt.order_id, []).append(attempt)
        letters = Counter(session.scalars(select(MailMessage.case_id).where(MailMessage.kind == "payment_received")))
        for public_id in sorted(owed - orders.keys()):
            report.faults.append(f"{city}: payment {public_id} is gone")
        for public_id, order in orders.items():
            name = f"{city}: payment {public_id} ({order.status})"
            tried = attempts.get(order.id, [])
            at_provider = [charge for attempt in tried for charge in charged.get(attempt.reference, [])]
            kept = sum(charge["amount"] - charge["amount_refunded"] for charge in at_provider)
            is_paid = order.status == "paid"
            report.expect(is_paid == bool(at_provider), f"{name}: {len(at_provider)} charges at the provider")
            report.expect(kept == (order.amount if is_paid else 0), f"{name}: the provider keeps {kept} yen")
            report.expect(
                sum(attempt.settles for attempt in tried) == int(is_paid), f"{name}: settled otherwise than once"
            )
            report.expect(order.received == (order.amount if is_paid else 0), f"{name}: {order.received} yen received")
            report.expect(is_paid or public_id not in confirmed, f"{name}: the payer was told that it is paid")
            for attempt in tried:
                known, is_charged = attempt.status == "paid", attempt.reference in charged
                report.expect(known == is_charged, f"{name}: attempt {attempt.number} is {attempt.status}")
            case_id = payments_of_order(session, order.id)[0].case_id
            report.expect(letters[case_id] == int(is_paid), f"{name}: {letters[case_id]} confirmations")
        return sum(order.status == "paid" for order in orders.values())
