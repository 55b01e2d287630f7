"""Residents and a clerk who continue whichever process is killed: a request without an answer is sent again, as a person would."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.judge.browser import Answer, HttpBrowser, ask
from tests.judge.report import Report
from tests.kit.browser import agreement

if TYPE_CHECKING:
    from tests.judge.ground import Ground

PATIENCE = 600
"""Seconds after which somebody gives up: longer than any part needs to come back, on a busy machine too."""
CITY = "hino"


class GaveUp(Exception):
    """Nothing answered for `PATIENCE` seconds."""


class Patience:
    """Waits between tries of one thing, and gives it up in the end."""

    def __init__(self, action: str) -> None:
        self._action, self._until = action, time.monotonic() + PATIENCE

    def wait(self) -> None:
        """Wait for the next try. Raises GaveUp when it was tried long enough."""
        if time.monotonic() > self._until:
            raise GaveUp(self._action)
        time.sleep(0.2)


class Person:
    """Somebody with a browser; `faults` are answers that nobody should get."""

    def __init__(self, ground: "Ground", address: str, city: str = CITY) -> None:
        self.ground, self.city, self.browser = ground, city, HttpBrowser(ground.port, city, address)
        self.faults: list[str] = []

    def insist(self, act: Callable[[], Answer], action: str) -> Answer:
        """Ask until something answers. 503 and a lost connection are what a killed process looks like; 500 is a fault."""
        patience = Patience(action)
        while True:
            try:
                answer = act()
            except (OSError, HTTPException):
                answer = None
            if answer is not None and answer.status_code < 500:
                return answer
            if answer is not None and answer.status_code != 503:
                self.faults.append(f"{action}: {answer.status_code}")
            patience.wait()

    def run(self, over: threading.Event) -> None:
        """Do one thing after the other until `over`."""
        try:
            while not over.is_set():
                self.act()
        except GaveUp as gave_up:
            self.faults.append(f"{gave_up}: no answer for {PATIENCE} s")
        except Exception as error:  # a fault of the judge must not look like a kept promise
            self.faults.append(f"{type(self).__name__} broke: {error!r}")

    def act(self) -> None:
        """One thing."""
        raise NotImplementedError

    def rest(self) -> None:
        """Nothing to do for a moment."""
        time.sleep(0.3)


class Resident(Person):
    """Registers one dog after the other, each with a name of its own, and pays; now and then in two windows at once."""

    def __init__(self, ground: "Ground", name: str, rng: Random) -> None:
        from portal.core.database import city_session
        from portal.procedures.queries import offer

        super().__init__(ground, f"198.51.100.{rng.randrange(1, 250)}")
        self._name, self._rng, self._count = name, rng, 0
        self.acknowledged: list[str] = []
        self.paid: list[str] = []
        with city_session(CITY) as session:
            self._definition = offer(session, "dog-registration").definition
        self.browser.sign_in(f"resident-{name}@example.jp")

    def act(self) -> None:
        self._count += 1
        name = f"judge-{self._name}-{self._count}"
        address = self._apply(name)
        if address.startswith("/pay/"):
            self._pay(address.split("/")[2])

    def _apply(self, name: str) -> str:
        """From the first page to the button; where that led."""
        from forms import inputs_of
        from tests.kit.answers import DOG

        browser, answers = self.browser, DOG | {"dog_name": name}
        self.insist(lambda: browser.get("/procedures/dog-registration"), "procedure")
        address = self.insist(lambda: browser.post("/apply/dog-registration"), "begin").location
        while not address.endswith("/review"):
            form = dict(inputs_of(self._definition, address.rpartition("/")[2], answers))
            page = self.insist(lambda at=address, form=form: browser.post(at, form), "page of the form")
            if page.status_code != 303:
                self.faults.append(f"POST {address}: {page.status_code}")
                raise GaveUp(address)
            address = page.location
        review = self.insist(lambda: browser.get(address), "review")
        answer = self.insist(lambda: browser.post(address, agreement(review.text)), "send")
        if answer.status_code != 303:
            self.faults.append(f"send: {answer.status_code}")
            return ""
        self.acknowledged.append(name)
        return answer.location

    def _pay(self, public_id: str) -> None:
        windows = [self.browser.copy() for _ in range(2 if self._rng.random() < 0.4 else 1)]

        def start(window: HttpBrowser) -> str:
            return self.insist(lambda: window.post(f"/pay/{public_id}/start", {"method": "card"}), "pay").location

        with ThreadPoolExecutor(len(windows)) as threads:
            pages = {page for page in threads.map(start, windows) if page.startswith("http")}
        card = urlencode({"number": "4242424242424242", "email": "resident@example.jp", "name": "SATO MISAKI"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for page in sorted(pages):
            at = urlsplit(page)
            pay = self.insist(lambda at=at: ask(at.port or 80, "POST", f"{at.path}/card", card, headers), "card")
            if pay.status_code == 303 and public_id not in self.paid:
                self.paid.append(public_id)
        self.insist(lambda: self.browser.get(f"/pay/{public_id}/return"), "return")


class Clerk(Person):
    """Takes in one application after the other, as the page shows it."""

    def __init__(self, ground: "Ground", seed: int) -> None:
        from tests.integration.access.town import EVERY_ROLE
        from tests.kit.city import hire

        super().__init__(ground, "198.51.100.250")
        email = f"clerk-{seed}@example.jp"
        hire(CITY, email, {"environment": EVERY_ROLE})
        self.browser.sign_in_at_desk(email)
        self.acknowledged: list[int] = []
        self._tried: set[int] = set()

    def act(self) -> None:
        from tests.judge.scenes import seen_on

        case_id = self._next()
        if case_id is None:
            self.rest()
            return
        self._tried.add(case_id)
        page = self.insist(lambda: self.browser.get(f"/desk/cases/{case_id}"), "case")
        form = {"move": "accept", "seen": seen_on(page.text)}
        if self.insist(lambda: self.browser.post(f"/desk/cases/{case_id}/moves", form), "accept").status_code == 303:
            self.acknowledged.append(case_id)

    def _next(self) -> int | None:
        from sqlalchemy import select
        from sqlalchemy.exc import SQLAlchemyError

        from portal.cases.models import Case
        from portal.core.database import city_session

        query = select(Case.id).where(Case.state == "received", Case.procedure_key == "dog-registration")
        try:
            with city_session(CITY) as session:
                return next((number for number in session.scalars(query) if number not in self._tried), None)
        except SQLAlchemyError:
            return None

    def judge(self, report: Report) -> None:
        """Each application that was taken in was taken in once."""
        from tests.judge.scenes import events_of

        for case_id in self._tried:
            times = events_of(case_id).count("case.accepted")
            due: Any = {1} if case_id in self.acknowledged else {0, 1}
            report.expect(times in due, f"case {case_id} was taken in {times} times")
