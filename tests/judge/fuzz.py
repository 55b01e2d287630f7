"""The fuzzer: every route with odd addresses, forms, files, cookies and headers. Each request follows from the seed and its number alone."""

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from tests.judge import odd
from tests.judge.browser import ask
from tests.judge.report import Report

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.access.routes import Door
    from tests.integration.access.town import Town
    from tests.judge.ground import Ground

WHO = ("anonymous", "owner", "stranger", "officer", "bystander")
METHODS = ("GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
SLOW_SECONDS = 3.0
THREADS = 4
ENDS_SESSIONS = {"resident_auth.end_others", "staff_account.end_other_web_sessions", "staff_account.end_web_session"}
_NAME = re.compile(r'\bname="([^"]+)"')


@dataclass(frozen=True)
class Plan:
    """The amount of work: until the time is over or so many requests were made; or one request alone."""

    seed: int
    seconds: float
    requests: int
    only: int | None = None


def judge_fuzz(app: "Flask", town: "Town", ground: "Ground", plan: Plan) -> Report:
    """Any answer of 5xx is a fault, except a 503 that says what is away; so is none at all. Slow answers are noted."""
    from tests.integration.access.routes import doors

    fuzzer = _Fuzzer([door for door in doors(app, town) if door.endpoint not in ENDS_SESSIONS], town, ground.port, plan)
    fuzzer.learn()
    fuzzer.run()
    return fuzzer.report


class _Fuzzer:
    def __init__(self, doors: list["Door"], town: "Town", port: int, plan: Plan) -> None:
        self.report, self._plan, self._port = Report("fuzz"), plan, port
        self._doors, self._people = doors, {who: town.people[who] for who in WHO}
        self._names: dict[str, list[str]] = {}
        self._statuses: Counter[int] = Counter()
        self._lock = threading.Lock()

    def learn(self) -> None:
        """The names of the fields on every page; a form's address gets those of its side too."""
        field_names = {"csrf_token", "seen", "note", "lang"}
        for who in ("owner", "officer"):
            person = self._people[who]
            for door in self._doors:
                if door.method == "GET":
                    names = set(_NAME.findall(person.get(door.path).text))
                    self._names.setdefault(door.path, []).extend(sorted(names - set(self._names.get(door.path, []))))
                    field_names |= names
            person.get("/sign-in" if who == "owner" else "/desk/account")  # a page with a token
        self._all = sorted(field_names)

    def run(self) -> None:
        """Ask in several threads."""
        until, numbers = time.monotonic() + self._plan.seconds, count()

        def work() -> None:
            while time.monotonic() < until:
                with self._lock:
                    number = next(numbers)
                if number >= self._plan.requests:
                    return
                self._ask(number)

        if self._plan.only is not None:
            self._ask(self._plan.only)
        else:
            with ThreadPoolExecutor(THREADS) as threads:
                for worker in [threads.submit(work) for _ in range(THREADS)]:
                    worker.result()
        answers = " ".join(f"{status}×{times}" for status, times in sorted(self._statuses.items()))
        self.report.figures = {"doors": len(self._doors), "answers": answers}

    def _ask(self, number: int) -> None:
        rng = Random(f"{self._plan.seed}:{number}")
        door, who = rng.choice(self._doors), rng.choice(WHO)
        person = self._people[who]
        method = door.method if rng.random() < 0.85 else rng.choice(METHODS)
        path = odd.path(rng, door.path)
        names = self._names.get(door.path) if rng.random() < 0.6 else None
        body, headers = None, dict(person.headers)
        if method in {"POST", "PUT", "PATCH"}:
            body, headers["Content-Type"] = odd.body(rng, names or self._all, person.token)
        if rng.random() < 0.15:
            headers |= rng.choice(odd.HEADERS)
        begun = time.monotonic()
        try:
            status = ask(self._port, method, path, body, headers).status_code
            wrong = status >= 500 and not (status == 503 and door.endpoint.startswith("payments."))
            detail = f"{status}"
        except (OSError, HTTPException) as error:
            status, wrong, detail = 0, True, f"no answer ({type(error).__name__})"
        seconds = time.monotonic() - begun
        line = f"{method} {path[:120]} as {who} ({door.endpoint}): {{}}; repeat: fuzz --seed {self._plan.seed} --request {number}"
        with self._lock:
            self.report.requests += 1
            self._statuses[status] += 1
            if wrong:
                self.report.faults.append(line.format(detail))
            elif seconds > SLOW_SECONDS:
                self.report.notes.append(line.format(f"{status} after {seconds:.1f} s"))
