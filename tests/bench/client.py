"""A small client that asks for pages over loopback, each asker on a connection of its own that is kept open."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench.ground import CITY, LOOPBACK


@dataclass(frozen=True)
class Ask:
    """One request and the status that it must be answered with."""

    path: str
    token: str = ""
    form: Mapping[str, str | list[str]] | None = None
    status: int = 200
    raw: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """POST where a form, or another body (`raw`), is sent."""
        return "GET" if self.body is None else "POST"

    @property
    def body(self) -> str | None:
        """The form as it travels."""
        return self.raw if self.form is None else urlencode(self.form, doseq=True)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are sent, except the host: of a browser of this visit, and `more`."""
        headers = {"Cookie": f"madoguchi={self.token}"} if self.token else {}
        return (
            headers
            | self.more
            | ({"Content-Type": "application/x-www-form-urlencoded"} if self.form is not None else {})
        )


@dataclass
class Timing:
    """How long each request took, in milliseconds, and how long all of them together, in seconds."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds

    def quantile(self, share: float) -> float:
        """The wait that this share of the requests did not exceed, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class WrongAnswer(Exception):
    """A page answered with another status than it must: what was measured would not be the page."""


@dataclass(frozen=True)
class Load:
    """The load: so many clients at once, until the time is over or so many requests were made."""

    askers: int
    seconds: float
    most: int


def ask_all(port: int, make: Callable[[int], Ask], numbers: Iterable[int], load: Load) -> Timing:
    """Put the load on the page that `make` asks for; each request has a number of its own. Raises WrongAnswer."""
    turn = _Turn(itertools.islice(numbers, load.most), time.monotonic() + load.seconds)
    timing = Timing()
    faults: list[Exception] = []

    def run() -> None:
        try:
            timing.waits += _ask_on(port, make, turn)
        except Exception as error:
            faults.append(error)

    askers = [threading.Thread(target=run) for _ in range(load.askers)]
    begun = time.perf_counter()
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    timing.seconds = time.perf_counter() - begun
    if faults:
        raise faults[0]
    return timing


class _Turn:
    """Hands out the numbers of requests, one asker at a time, until time is up."""

    def __init__(self, numbers: Iterable[int], until: float) -> None:
        self._numbers, self._until = iter(numbers), until
        self._lock = threading.Lock()

    def next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None) if time.monotonic() < self._until else None


def _ask_on(port: int, make: Callable[[int], Ask], turn: _Turn) -> list[float]:
    connection = HTTPConnection(LOOPBACK, port, timeout=30)
    host = {"Host": f"{CITY}.localhost:{port}"}
    waits = []
    while (number := turn.next()) is not None:
        ask = make(number)
        headers = host | ask.headers
        begun = time.perf_counter()
        connection.request(ask.method, ask.path, ask.body, headers)
        answer = connection.getresponse()
        page = answer.read()
        waits.append((time.perf_counter() - begun) * 1000)
        if answer.status != ask.status:
            excerpt = page.decode(errors="replace")[:2000]
            raise WrongAnswer(f"{ask.method} {ask.path}: {answer.status} in place of {ask.status}\n{excerpt}")
    connection.close()
    return waits
