"""The run: payers in both cities under a storm, days that pass, rest, and a look at every promise; leg by leg until there are enough."""

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from unittest.mock import patch

from portal.core.database import city_session
from portal.payments import ProviderUnavailable, balance_import, jobs, reconciliation
from portal.slips.posting import post_waiting
from tests.judge import books
from tests.judge.books import CITIES
from tests.judge.chaos import days
from tests.judge.chaos.checks import judge_town
from tests.judge.chaos.payer import Payer
from tests.judge.chaos.stories import choose
from tests.judge.chaos.town import Town
from tests.judge.chaos.troubles import VICTIMS, Troublemaker, storm
from tests.judge.clients import GaveUp, Patience
from tests.judge.ground import Ground
from tests.judge.kills import Killer
from tests.judge.kills import Plan as KillPlan
from tests.judge.report import Report

LEG = 1_000
"""Payments after which everything comes to rest and is judged."""
PAUSE_SECONDS = (5.0, 20.0)
"""Between kills: long enough that payments come to their end, short enough that few do undisturbed."""
ROUNDS = 3
"""Sweeps after all is over: what one of them begins (a refund of what was paid twice), the next sees ended."""
PROGRESS_SECONDS = 30
SHOWN = 50
"""Faults of a leg that are told at once; the report has all of them."""


@dataclass(frozen=True)
class Plan:
    """How many payments at most, for how long at most, how many payers at the same time in each city, and what is killed."""

    seed: int
    seconds: float
    payments: int
    clients: int
    victims: tuple[str, ...] = VICTIMS
    leg: int = LEG


@dataclass
class Chaos:
    """What goes on; `told` hears a line now and then."""

    ground: Ground
    plan: Plan
    told: Callable[[str], None] = lambda _line: None
    report: Report = field(default_factory=lambda: Report("chaos"))
    towns: list[Town] = field(default_factory=list)
    payers: list[Payer] = field(default_factory=list)
    looked_at: Counter[str] = field(default_factory=Counter)
    faults_by_check: Counter[str] = field(default_factory=Counter)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        plan = self.plan
        self.killer = Killer(self.ground, KillPlan(plan.seed, plan.seconds, plan.clients, plan.victims), PAUSE_SECONDS)
        self.trouble = Troublemaker(self.ground, Random(f"{plan.seed}:trouble"))

    @property
    def payment_count(self) -> int:
        """Payments that were asked for so far."""
        return sum(town.payment_count for town in self.towns)

    @property
    def is_over(self) -> bool:
        """Whether there were enough, or time is up."""
        return self.payment_count >= self.plan.payments or time.monotonic() - self.begun > self.plan.seconds

    def open(self) -> None:
        """Open the offices of both cities."""
        self.towns = [Town(self.ground, key, str(self.plan.seed)) for key in CITIES]
        with self.ground.tended():
            for town in self.towns:
                town.open()
        for town in self.towns:
            for number in range(self.plan.clients):
                self.payers.append(Payer(town, number, Random(f"{self.plan.seed}:{town.key}:{number}")))
        self.begun = time.monotonic()

    def leg(self) -> None:
        """Some hundred payments, the days after them, and a look at every promise. One that breaks off is a fault, and the next begins."""
        try:
            self._leg()
        except Exception as error:  # hours of payments must not be lost with it
            traceback.print_exc()
            self.report.faults.append(f"a leg broke off: {error!r}")

    def _leg(self) -> None:
        enough = min(self.plan.payments, self.payment_count + self.plan.leg)
        clerks = [next(payer for payer in self.payers if payer.town is town) for town in self.towns]
        for town in self.towns:
            town.begin()
        with self.ground.tended():
            with storm(self.ground, self.killer, self.trouble):
                self._together([(clerk, days.open_till) for clerk in clerks])
                self._pay(enough)
            self.told(f"{self.payment_count:,} payments asked for; days pass")
            books.settle_down()
            days.advance_clock(clerks[0])
            with storm(self.ground, self.killer, self.trouble):
                self._together([(clerk, days.catch_up) for clerk in clerks])
            for town in self.towns:
                _come_to_rest(town.key)
        self._judge()

    def end(self) -> None:
        """Look at everything once more from the first payment on: nothing that was judged may have changed since."""
        self.looked_at.clear()
        self.faults_by_check.clear()
        for town in self.towns:
            town.begun_at, town.payers_told = town.opened_at, town.told_at_opening
            town.told.clear()
        self._judge()

    def _pay(self, enough: int) -> None:
        def pay(payer: Payer) -> None:
            while True:
                payer.make_room()
                story = choose(payer.rng)
                payer.town.ways[story.__name__] += 1
                story(payer)
                if self.payment_count >= enough or self.is_over:  # after the first: a short run has one of each payer
                    return

        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(over,))
        watch.start()
        self._together([(payer, pay) for payer in self.payers])
        over.set()
        watch.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(PROGRESS_SECONDS):
            killed = sum(self.killer.killed.values())
            seconds = time.monotonic() - self.begun
            self.told(
                f"{self.payment_count:,} payments, {self.payment_count / seconds:.1f} a second, {killed} processes killed"
            )

    def _together(self, parts: list[tuple[Payer, Callable[[Payer], None]]]) -> None:
        """Let people act at the same time; what breaks is a fault, of the portal or of this judge."""

        def act(payer: Payer, part: Callable[[Payer], None]) -> None:
            try:
                part(payer)
            except GaveUp as gave_up:
                self.report.faults.append(f"{payer.city}: no answer any more: {gave_up}")
            except Exception as error:  # a fault of the judge must not look like a kept promise
                self.report.faults.append(f"{payer.city}: {part.__name__} broke: {error!r}")

        threads = [threading.Thread(target=act, args=pair) for pair in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _judge(self) -> None:
        known = len(self.report.faults)
        for town in self.towns:
            looked_at, faults_by_check = judge_town(town)
            self.looked_at.update(looked_at)
            for check, faults in faults_by_check.items():
                self.faults_by_check[check] += len(faults)
                self.report.faults += [f"{town.key}: {check}: {fault}" for fault in faults]
        for payer in self.payers:
            self.report.faults += payer.faults
            payer.faults.clear()
        self.report.requests = sum(payer.browser.requests for payer in self.payers)
        ways = sum((town.ways for town in self.towns), Counter[str]())
        self.report.figures = {
            "payments": self.payment_count,
            "seconds": round(time.monotonic() - self.begun),
            "ways": told(ways),
            "killed": told(self.killer.killed),
            "troubles": told(self.trouble.made),
            "looked at": told(self.looked_at),
        }
        for fault in self.report.faults[known:][:SHOWN]:
            self.told(f"! {fault}")
        self.told(f"judged {self.payment_count:,} payments: {len(self.report.faults)} faults")


def judge_chaos(ground: Ground, plan: Plan, told: Callable[[str], None] = lambda _line: None) -> Report:
    """Pay while things die and fail; then hold everything against the provider and the books."""
    chaos = Chaos(ground, plan, told)
    chaos.open()
    while not chaos.is_over:
        chaos.leg()
    chaos.end()
    return chaos.report


def told(counted: Counter[str]) -> str:
    """Counts in one line."""
    return " ".join(f"{name.replace(' ', '_')}×{times}" for name, times in sorted(counted.items())) or "none"


def _come_to_rest(city: str) -> None:
    """Let the worker finish, and do at once what it does every five minutes and every night: look at what had no news, fetch lost events."""
    for _ in range(ROUNDS):
        books.settle_down()
        with patch.object(jobs, "POLL_AFTER", timedelta(0)):
            _insist(lambda: jobs.sweep(city))
        _insist(lambda: jobs.fetch_undelivered(city))
    books.settle_down()
    jobs.read_late_transfers(city)
    post_waiting(city)
    books.settle_down()
    _insist(lambda: balance_import.import_balance_transactions(city))
    with city_session(city) as session:
        reconciliation.reconcile_books(session)


def _insist(part: Callable[[], object]) -> None:
    """Do what asks the provider until it answers, as the next round would."""
    patience = Patience("the provider's answer")
    while True:
        try:
            part()
        except ProviderUnavailable:
            patience.wait()
        else:
            return
