"""The installation that is judged: two demo cities, two web processes, a database as safe as in production, programs that come back."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.request import urlopen

from portal.core.cluster import ClusterError
from tests.forks import Forks
from tests.installation import LOOPBACK, MADOGUCHI, Installation
from tests.kit.passwords import cheap_passwords
from tests.prepared import TOWNS

HOLD_SECONDS = 60
MAX_COUNT = "1000000"
LIMITS = (
    *("MADOGUCHI_LIMIT_PASSWORDS", "MADOGUCHI_LIMIT_CODES", "MADOGUCHI_LIMIT_MAILS", "MADOGUCHI_LIMIT_LOOK_UPS"),
    *("MADOGUCHI_QUOTA_DRAFTS_VISITOR", "MADOGUCHI_QUOTA_DRAFTS_NETWORK", "MADOGUCHI_QUOTA_DRAFTS_CITY"),
    *("MADOGUCHI_QUOTA_UPLOADS_VISITOR", "MADOGUCHI_QUOTA_UPLOADS_NETWORK", "MADOGUCHI_QUOTA_UPLOADS_CITY"),
)
"""Limits that would answer in place of the page that is judged; they have tests of their own."""


class Ground(Installation):
    """See `Installation`; this process works in it too, to prepare cases and to read the books."""

    WEB_PROCESSES = 2
    BEGIN = TOWNS

    @property
    def environment(self) -> dict[str, str]:
        more = {"MADOGUCHI_TRUSTED_PROXIES": "1", "MADOGUCHI_DECISION_HOLD_SECONDS": str(HOLD_SECONDS)}
        return super().environment | dict.fromkeys(LIMITS, MAX_COUNT) | more | {"MADOGUCHI_CLAMD_SOCKET": ""}

    def _run_more(self) -> None:
        """No scanner: it holds a gigabyte and is not judged."""

    def _fill(self) -> None:
        os.environ.update(self.environment)
        from tests.demo import load_towns

        load_towns()

    def verify_chain(self) -> tuple[bool, str]:
        """Whether `madoguchi audit verify` finds the chains of events whole, and its output. It takes its time where there are many."""
        command = [*MADOGUCHI, "audit", "verify"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    @contextmanager
    def tended(self) -> Iterator[None]:
        """Start what ended again, as a service manager would, until the block ends."""
        over = threading.Event()

        def tend() -> None:
            while not over.wait(0.2):
                if not self._cluster.status().running:
                    with suppress(
                        ClusterError, OSError, subprocess.SubprocessError
                    ):  # a server killed while it started; the next look starts it again
                        self._cluster.up()
                for name, program in list(self.programs.items()):
                    if program.poll() is not None:
                        self.start(name)

        tender = threading.Thread(target=tend, name="tender")
        tender.start()
        try:
            yield
        finally:
            over.set()
            tender.join()

    def database_pid(self) -> int | None:
        """The database server's main process."""
        return self._cluster.status().pid

    def wait_for_web(self, seconds: float = 600) -> None:
        """Until a page answers again. Raises RuntimeError when none does."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"http://{LOOPBACK}:{self.port}/healthz", timeout=5):
                return
            time.sleep(0.2)
        raise RuntimeError(f"no page answers:\n{self.log[-3000:]}")


@contextmanager
def ground() -> Iterator[Ground]:
    """One for this process; a name of its own, so that two judges do not meet."""
    for name in [name for name in os.environ if name.startswith(("MADOGUCHI_", "DATABASE_"))]:
        del os.environ[name]
    begun = time.monotonic()
    with cheap_passwords(), Forks() as forks, Ground(f"judge-{os.getpid()}", forks, durable=True) as running:
        print(f"installation after {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        yield running
