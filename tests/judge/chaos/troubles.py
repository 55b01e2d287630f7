"""What goes wrong meanwhile: processes get SIGKILL, the provider fails, its events come late, twice, in disorder or never."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from urllib.parse import urlencode, urlsplit

from tests.judge.browser import ask
from tests.judge.ground import Ground
from tests.judge.kills import Killer

VICTIMS = ("web worker", "web", "worker", "backend", "postmaster", "sandbox")
METHODS = {f"method_{name}": "on" for name in ("card", "konbini", "paypay", "customer_balance")}
API_TROUBLES = ("", "before", "after", "cut", "rate_limit")
WEBHOOK_TROUBLES = ("delay", "duplicate", "reorder", "drop")
PERCENTS = {"fault_percent": "30", "api_fault_percent": "15", "delay_seconds": "2"}


@dataclass
class Troublemaker:
    """Presses the switches of the provider's stand-in, now these, now those."""

    ground: Ground
    rng: Random
    made: Counter[str] = field(default_factory=Counter)

    def run(self, over: threading.Event) -> None:
        """Make trouble until `over`."""
        while not over.wait(self.rng.uniform(0.5, 2)):
            kinds = [name for name in WEBHOOK_TROUBLES if self.rng.random() < 1 / 2]
            api_trouble = self.rng.choice(API_TROUBLES)
            if self._switch(dict.fromkeys(kinds, "on") | {"api_fault": api_trouble} | PERCENTS):
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


@contextmanager
def storm(ground: Ground, killer: Killer, trouble: Troublemaker) -> Iterator[None]:
    """Kill and trouble until the block ends; then everything runs again."""
    quiet = threading.Event()
    spoilers = [threading.Thread(target=spoiler.run, args=(quiet,)) for spoiler in (killer, trouble)]
    for thread in spoilers:
        thread.start()
    try:
        yield
    finally:
        quiet.set()
        for thread in spoilers:
            thread.join()
        trouble.calm()
        ground.wait_for_web()
