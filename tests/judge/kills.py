"""Kills: residents apply and pay and a clerk takes in, while processes are killed; afterwards everything acknowledged is there, once."""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.judge import books
from tests.judge.clients import Clerk, Resident
from tests.judge.report import Report

if TYPE_CHECKING:
    from tests.judge.ground import Ground

VICTIMS = ("web worker", "web", "worker", "backend", "postmaster", "sandbox")
PAUSE_SECONDS = (1.0, 3.5)


@dataclass(frozen=True)
class Plan:
    """How long, how many residents, and what is killed in an order that follows from the seed."""

    seed: int
    seconds: float
    clients: int
    victims: tuple[str, ...] = VICTIMS


@dataclass
class Killer:
    """Kills with SIGKILL, the one signal that nothing can prepare for."""

    ground: "Ground"
    plan: Plan
    pauses: tuple[float, float] = PAUSE_SECONDS
    killed: Counter[str] = field(default_factory=Counter)

    def run(self, over: threading.Event) -> None:
        """Kill until `over`."""
        rng = Random(self.plan.seed)
        while not over.wait(rng.uniform(*self.pauses)):
            victim = rng.choice(self.plan.victims)
            pids = self._pids(victim)
            if pids:
                with suppress(ProcessLookupError):
                    os.kill(rng.choice(pids), signal.SIGKILL)
                    self.killed[victim] += 1

    def _pids(self, victim: str) -> list[int]:
        if victim == "web worker":
            return _children(self.ground.programs["web"].pid)
        if victim in {"postmaster", "backend"}:
            pid = self.ground.database_pid()
            if pid is None:
                return []
            return (
                [pid]
                if victim == "postmaster"
                else [child for child in _children(pid) if b"portal_app" in _name(child)]
            )
        return [self.ground.programs[victim].pid]


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _name(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def judge_kills(ground: "Ground", plan: Plan) -> Report:
    """Apply, pay and decide while things die; then compare what was acknowledged with what is there."""
    report = Report("kills")
    residents = [
        Resident(ground, f"{plan.seed}-{number}", Random(f"{plan.seed}:{number}")) for number in range(plan.clients)
    ]
    clerk, killer = Clerk(ground, plan.seed), Killer(ground, plan)
    over, quiet = threading.Event(), threading.Event()
    workers = [threading.Thread(target=worker.run, args=(over,)) for worker in (*residents, clerk)]
    with ground.tended():
        murders = threading.Thread(target=killer.run, args=(quiet,))
        for thread in (*workers, murders):
            thread.start()
        time.sleep(plan.seconds)
        quiet.set()
        murders.join()
        over.set()
        for thread in workers:
            thread.join()
        ground.wait_for_web()
        books.settle_down()
    acknowledged = [name for resident in residents for name in resident.acknowledged]
    present = _present()
    report.expect(bool(acknowledged), "nothing was applied for")
    for name in acknowledged:
        report.expect(present[name] > 0, f"lost: application {name}")
    for name, times in present.items():
        report.expect(times == 1, f"doubled: application {name}, {times} times")
    _judge_money(ground, report, [intent for resident in residents for intent in resident.paid])
    clerk.judge(report)
    for person in (*residents, clerk):
        report.requests += person.browser.requests
        report.faults += person.faults
    report.figures = {
        "killed": " ".join(f"{victim}×{times}" for victim, times in sorted(killer.killed.items())) or "nothing",
        "applied": len(acknowledged),
        "paid": sum(len(resident.paid) for resident in residents),
        "taken in": len(clerk.acknowledged),
    }
    return report


def _present() -> Counter[str]:
    """The number of cases for each application, by the name that its resident gave the dog."""
    from sqlalchemy import select

    from portal.cases.answers import open_answers
    from portal.cases.models import Case
    from portal.core.database import city_session

    with city_session(books.CITY) as session:
        query = select(Case.answers).where(Case.procedure_key == "dog-registration")
        names = [open_answers(books.CITY, answers).get("dog_name", "") for answers in session.scalars(query)]
    return Counter(name for name in names if name.startswith("judge-"))


def _judge_money(ground: "Ground", report: Report, paid: list[str]) -> None:
    """Every charge is in the books once, and every payment confirmed to a payer is paid."""
    from sqlalchemy import select

    from portal.core.database import city_session
    from portal.payments.models import Order, PaymentAttempt

    with city_session(books.CITY) as session:
        booked = set(session.scalars(select(PaymentAttempt.charge_id).where(PaymentAttempt.status == "paid")))
        states = dict(session.execute(select(Order.public_id, Order.status)).tuples().all())
    charge_ids = [charge["id"] for charge in books.charges(ground)]
    for charge in charge_ids:
        report.expect(charge in booked, f"charge {charge} is not in the books")
    for public_id in paid:
        report.expect(
            states.get(public_id) in {"paid", "refunded"}, f"payment {public_id} was paid, is {states.get(public_id)}"
        )
