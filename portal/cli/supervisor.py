"""A small supervisor: starts a few programs, stops all of them together, and leaves none behind even when it is killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import click

STOP_SECONDS = 30
READY_SECONDS = 90


@dataclass(frozen=True)
class Child:
    """A program to keep running, and the name under which the operator hears of it."""

    name: str
    command: list[str]
    needed: bool = True
    """When one that is needed ends, everything stops."""


class Supervisor:
    """Runs children until one of them ends or somebody asks to stop (Ctrl-C, SIGTERM, a closed terminal)."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = False

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The children's processes, in the order of their start."""
        return list(self._running.values())

    def run(self, *, ready: Callable[[], None], host: str, port: int) -> bool:
        """Start all, call `ready` once `port` answers, wait; then stop all. True when a child ended by itself."""
        former = {one: signal.signal(one, self._ask_to_stop) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            for child in self._children:
                self._running[child.name] = _start(child.command)
            return self._watch(ready, host, port)
        finally:
            self._stop_all()
            for one, handler in former.items():
                signal.signal(one, handler)

    def _ask_to_stop(self, *_: object) -> None:
        self._stop = True

    def _watch(self, ready: Callable[[], None], host: str, port: int) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        announced = False
        while not self._stop:
            if self._lost_one():
                return True
            if not announced and _answers(host, port):
                announced = True
                ready()
            if not announced and time.monotonic() > deadline:
                click.echo(f"Nothing answers on port {port} after {READY_SECONDS} s; stopping.", err=True)
                return True
            time.sleep(0.2)
        return False

    def _lost_one(self) -> bool:
        for child in self._children:
            process = self._running.get(child.name)
            if process is None or process.poll() is None:
                continue
            if child.needed:
                click.echo(f"The {child.name} process ended with status {process.returncode}; stopping.", err=True)
                return True
            click.echo(f"The {child.name} process ended with status {process.returncode}; going on without.", err=True)
            del self._running[child.name]
        return False

    def _stop_all(self) -> None:
        """The last started first: web before worker before sandbox, so that nobody calls a part that is gone."""
        deadline = time.monotonic() + STOP_SECONDS
        for process in reversed(self._running.values()):
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches the supervisor alone; told to stop when the supervisor dies."""
    return subprocess.Popen(["/usr/bin/setpriv", "--pdeathsig=TERM", "--", *command], start_new_session=True)  # noqa: S603 - our own words


def _answers(host: str, port: int) -> bool:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compares, does not listen
    try:
        with socket.create_connection((here, port), timeout=1):
            return True
    except OSError:
        return False
