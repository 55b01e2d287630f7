"""The server under the portal: the rate over many kept connections, waits at a fixed rate, and what a reload and slow clients do to others.

Requests at a fixed rate are due whatever the server does, and their waits count from when they were due. A kept connection that the server closed
before it answered is opened once more, as proxies do (RFC 9110 §9.2.2); any other fault counts as an error.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.bench.client import Ask, Load, Timing, ask_all
from tests.bench.ground import CITY, LOOPBACK
from tests.bench.pages import tiles_where_cases_are
from tests.bench.server import wait_until_up, web
from tests.bench.visitors import STAFF

RATE = 50
"""Requests a second of residents."""
HEAD = f"server: requests a second over kept connections, then residents' pages at {RATE} a second (ms; ratio: p99 beside that at rest)"
_RATES = f"{'requests a second':<34}{'connections':>12}{'home':>8}{'desk':>8}{'tiles':>8}"
_WAITS = f"{f'at {RATE} a second':<34}{'requests':>12}{'p50':>8}{'p99':>8}{'p99.9':>8}{'max':>8}{'ratio':>8}{'errors':>8}{'renewed':>9}"
_ASKERS = 16
_SLOW = 32
_PATHS = ("/", "/procedures", "/", "/procedures/road-occupancy", "/status")
_Server = Callable[[int, Path], AbstractContextManager[int]]


@dataclass
class _Stream:
    """What came of requests at a fixed rate."""

    timing: Timing = field(default_factory=Timing)
    errors: int = 0
    renewed: int = 0
    """Kept connections that the server had closed by the time they were used."""


def lines(port: int, instance: Path, seconds: float, granian: Path | None) -> Iterator[str]:
    """Rates, then waits, of the server as it is shipped; beside granian where that interpreter has it."""
    servers: dict[str, _Server] = {"as shipped": web}
    if granian is not None:
        servers |= {f"granian, 2 processes of {threads}": partial(_granian, granian, threads) for threads in (1, 8)}
    log = instance / "server.log"
    yield _RATES
    for name, server in servers.items():
        with server(port, log):
            for connections in (_ASKERS, 4 * _ASKERS):
                rates = "".join(f"{_rate(port, pages, connections, seconds):>8.0f}" for pages in _asked().values())
                yield f"{name:<34}{connections:>12}{rates}"
    yield _WAITS
    for name, server in servers.items():
        with server(port, log) as process:
            _stream(port, 4)  # each process has shown each page
            rest = _stream(port, 5 * seconds)
            yield _line(f"{name}: at rest", rest, rest)
            yield _line(
                f"{name}: reloaded in the middle",
                _stream(port, 5 * seconds, lambda: os.kill(process, signal.SIGHUP)),
                rest,
            )
            with _slow_clients(port):
                yield _line(f"{name}: beside {_SLOW} slow clients", _stream(port, 3 * seconds), rest)


def _asked() -> dict[str, Callable[[int], Ask]]:
    tiles = [tile for zoom in (16, 17, 18) for tile in tiles_where_cases_are(zoom, 20)]
    return {
        "home": lambda _n: Ask("/"),
        "desk": lambda _n: Ask("/desk", STAFF),
        "tiles": lambda n: Ask(f"/desk/map/cases/{tiles[n % len(tiles)]}.mvt", STAFF),
    }


def _rate(port: int, make: Callable[[int], Ask], connections: int, seconds: float) -> float:
    numbers = iter(range(1_000_000))
    ask_all(port, make, numbers, Load(4, seconds, 40))
    return ask_all(port, make, numbers, Load(connections, 2 * seconds, 1_000_000)).rate


def _stream(port: int, seconds: float, in_the_middle: Callable[[], None] = lambda: None) -> _Stream:
    """Ask at the rate for so long, with something done in the middle."""
    stream, lock = _Stream(), threading.Lock()
    due = iter([number / RATE for number in range(int(seconds * RATE))])
    begun = time.perf_counter() + 0.2

    def ask() -> None:
        connection = HTTPConnection(LOOPBACK, port, timeout=30)
        while True:
            with lock:
                moment = next(due, None)
            if moment is None:
                break
            time.sleep(max(0.0, begun + moment - time.perf_counter()))
            renewed, answered = _answered(connection, _PATHS[int(moment * RATE) % len(_PATHS)])
            with lock:
                stream.timing.waits.append((time.perf_counter() - begun - moment) * 1000)
                stream.renewed += renewed
                stream.errors += not answered
        connection.close()

    askers = [threading.Thread(target=ask) for _ in range(_ASKERS)]
    for asker in askers:
        asker.start()
    time.sleep(0.2 + seconds / 2)
    in_the_middle()
    for asker in askers:
        asker.join()
    return stream


def _answered(connection: HTTPConnection, path: str) -> tuple[bool, bool]:
    """Whether the connection had to be opened once more, and whether the page came."""
    for renewed in (False, True):
        kept = connection.sock is not None
        try:
            connection.request("GET", path, headers={"Host": f"{CITY}.localhost:{connection.port}"})
            answer = connection.getresponse()
            answer.read()
            return renewed, answer.status == 200
        except (OSError, HTTPException):
            connection.close()
            if not kept:
                break
    return True, False


@contextmanager
def _slow_clients(port: int) -> Iterator[None]:
    """Clients that send a line of their request each second, for as long as the block lasts."""
    sockets = [socket.create_connection((LOOPBACK, port)) for _ in range(_SLOW)]
    over = threading.Event()

    def drip() -> None:
        while not over.wait(1):
            for each in sockets:
                with suppress(OSError):  # the server has had enough of that client
                    each.send(b"X-A: b\r\n")

    for each in sockets:
        each.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield
    finally:
        over.set()
        dripping.join()
        for each in sockets:
            each.close()


@contextmanager
def _granian(python: Path, threads: int, port: int, log: Path) -> Iterator[int]:
    """Granian with two processes on that port until the block ends. Gives its process id."""
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", str(threads), "--no-ws"]
    command = [str(python), "-m", "granian", *options, "--host", LOOPBACK, "--port", str(port), "portal.wsgi:app"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MADOGUCHI_DATABASE_POOL": str(threads)}
    with log.open("ab") as file:
        process = subprocess.Popen(command, env=env, stdout=file, stderr=file)
    try:
        wait_until_up(process, port, "Granian did not start; its log says why.")
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):  # it waits for slow clients without an end
            process.wait(timeout=20)
        process.kill()
        process.wait(timeout=20)


def _line(name: str, stream: _Stream, rest: _Stream) -> str:
    timing = stream.timing
    waits = "".join(f"{timing.quantile(share):>8.1f}" for share in (0.5, 0.99, 0.999, 1.0))
    ratio = timing.quantile(0.99) / rest.timing.quantile(0.99)
    return f"{name:<34}{len(timing.waits):>12}{waits}{ratio:>8.1f}{stream.errors:>8}{stream.renewed:>9}"
