"""A whole installation for tests from outside: database, sandbox, scanner, worker and web as programs of their own, on free ports."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.request import urlopen

from portal.cli.scanner import installed_clamd, own_socket
from portal.core.cluster import Cluster
from tests.forks import Forks
from tests.prepared import JOURNEYS, Prepared, begin_with

LOOPBACK = "127.0.0.1"
MADOGUCHI = [sys.executable, "-m", "portal.cli"]
READY_SECONDS = 180
"""A program that ended is noticed at once; one that only starts slowly, on a busy machine, is waited for."""


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind((LOOPBACK, 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Installation:
    """What a city's computer centre would run, with the demo cities in it. Everything is deleted when it stops."""

    WEB_PROCESSES = 1
    BEGIN: Prepared = JOURNEYS

    def __init__(self, name: str, forks: Forks, *, durable: bool = False) -> None:
        """name: tells apart the installations of test processes that run at the same time. forks: run its commands. durable: see `Cluster`."""
        self.folder = Path(tempfile.gettempdir()) / f"madoguchi-{os.getuid()}-{name}"
        self.port, self._sandbox_port, self._smtp_port = _free_ports(3)
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, list[str]] = {}
        self._forks = forks
        self._cluster = Cluster(self.folder, durable=durable)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for program in reversed(self.programs.values()):
            program.terminate()
        for program in self.programs.values():
            try:
                program.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        self._cluster.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def sandbox(self) -> str:
        """Where Stripe's stand-in and the mailbox answer."""
        return f"http://{LOOPBACK}:{self._sandbox_port}"

    def origin(self, city: str) -> str:
        """Where a city answers."""
        return f"http://{city}.localhost:{self.port}"

    @property
    def log(self) -> str:
        """What the programs logged."""
        path = self.folder / "programs.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start(self, name: str) -> None:
        """Start one of the programs again after it ended."""
        self._run(name, *self._commands[name])

    def _start(self) -> None:
        self._cluster.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o755, parents=True)
        begin_with(self.BEGIN, self.folder, self._forks)
        self._cluster.up()
        ports = ("--port", str(self._sandbox_port), "--smtp-port", str(self._smtp_port))
        self._run("sandbox", *MADOGUCHI, "sandbox", *ports)
        self._run_more()
        self._wait(self.sandbox)
        self._fill()
        self._run("worker", *MADOGUCHI, "worker", "--concurrency", "2")
        bind = f"{LOOPBACK}:{self.port}"
        self._run("web", *MADOGUCHI, "serve", "--workers", str(self.WEB_PROCESSES), "--bind", bind)
        self._wait(f"http://{bind}/healthz")

    def _run_more(self) -> None:
        """Programs that not every test needs."""
        if installed_clamd():
            self._run("scanner", *MADOGUCHI, "scanner")

    def _fill(self) -> None:
        """Connect the cities with the sandbox."""
        status, output = self._forks.run(("-c", self.BEGIN.program), self.environment)
        assert status == 0, output

    def madoguchi(self, *arguments: str) -> tuple[int, str]:
        """Exit status and output of a command, as an operator would give it here."""
        return self._forks.run(("-m", "portal.cli", *arguments), self.environment)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of every program."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(("MADOGUCHI_", "DATABASE_"))}
        return others | {
            "MADOGUCHI_ENVIRONMENT": "test",
            "MADOGUCHI_INSTANCE_PATH": str(self.folder),
            "MADOGUCHI_BASE_HOST": f"localhost:{self.port}",
            "MADOGUCHI_STRIPE_API_BASE": self.sandbox,
            "MADOGUCHI_SMTP_HOST": LOOPBACK,
            "MADOGUCHI_SMTP_PORT": str(self._smtp_port),
            "MADOGUCHI_CLAMD_SOCKET": str(own_socket(self.folder)) if installed_clamd() else "",
        }

    def _run(self, name: str, *command: str) -> None:
        """Start a program that ends when the tests are killed."""
        self._commands[name] = list(command)
        with (self.folder / "programs.log").open("ab") as log:
            supervised = ["/usr/bin/setpriv", "--pdeathsig=TERM", "--", *command]
            self.programs[name] = subprocess.Popen(
                supervised, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, address: str) -> None:
        """Until the address answers."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and all(program.poll() is None for program in self.programs.values()):
            try:
                with urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{address} does not answer:\n{self.log[-3000:]}")
