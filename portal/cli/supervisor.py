"""A small supervisor: starts a few programs, stops all of them together, and leaves none behind even when it is killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Self

import click

STOP_SECONDS = 30
READY_SECONDS = 90
RESTARTS, RESTART_SECONDS = 5, 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """A program to keep running, and the name shown to the operator."""

    name: str
    command: list[str]
    needed: bool = True
    """When one that is needed ends, everything stops."""
    restarts: bool = False
    """Start it again when it ends unasked, but not more often than `RESTARTS` times within `RESTART_SECONDS`."""


class Stopped(Exception):
    """A request to stop: Ctrl-C, SIGTERM, a closed terminal."""


class ChildEnded(Exception):
    """A child that is needed ended unexpectedly, or never got ready."""


class Supervisor:
    """Children that run together. Leaving the `with` block stops all of them; inside it, a request to stop raises Stopped."""

    def __init__(self) -> None:
        self._running: list[tuple[Child, subprocess.Popen[bytes]]] = []
        self._restarts: dict[str, list[float]] = {}

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, _raise_stopped) for number in SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self._stop_all()
        for number, handler in self._former.items():
            signal.signal(number, handler)

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The children's processes, in the order of their start."""
        return [process for _, process in self._running]

    def start(self, child: Child) -> None:
        """Start one in a session of its own, so that Ctrl-C reaches the supervisor alone; it stops when the supervisor dies."""
        command = ["/usr/bin/setpriv", "--pdeathsig=TERM", "--", *child.command]
        self._running.append((child, subprocess.Popen(command, start_new_session=True)))  # noqa: S603 - our own words

    def wait_until(self, answers: Callable[[], bool], name: str, seconds: float = READY_SECONDS) -> None:
        """Wait for something to answer. Raises ChildEnded when it does not in time, or a needed child ends."""
        deadline = time.monotonic() + seconds
        while not answers():
            self._look()
            if time.monotonic() > deadline:
                raise ChildEnded(f"{name} does not answer after {seconds:.0f} s.")
            time.sleep(0.1)

    def watch(self, tend: Callable[[], None] = lambda: None) -> None:
        """Watch over the children, and `tend` what they all need, once a second. Raises ChildEnded when a needed child ends for good."""
        while True:
            for _look in range(5):
                self._look()
                time.sleep(0.2)
            tend()

    def _look(self) -> None:
        for child, process in list(self._running):
            if process.poll() is None:
                continue
            if child.restarts and self._may_start_again(child):
                click.echo(
                    f"The {child.name} process ended with status {process.returncode}; starting it again.", err=True
                )
                self._running.remove((child, process))
                self.start(child)
                continue
            message = f"The {child.name} process ended with status {process.returncode}"
            if child.needed:
                raise ChildEnded(f"{message}.")
            click.echo(f"{message}; going on without.", err=True)
            self._running.remove((child, process))

    def _may_start_again(self, child: Child) -> bool:
        moment = time.monotonic()
        recent = [at for at in self._restarts.get(child.name, []) if moment - at < RESTART_SECONDS]
        self._restarts[child.name] = [*recent, moment]
        return len(recent) < RESTARTS

    def _stop_all(self) -> None:
        """The last started first: web before worker before sandbox, so that no part calls one that has stopped."""
        deadline = time.monotonic() + STOP_SECONDS
        for _, process in reversed(self._running):
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _raise_stopped(*_: object) -> None:
    raise Stopped


def page_answers(host: str, port: int, path: str) -> bool:
    """Whether a web server answers there with a page and no error."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compares, does not listen
    connection = HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
