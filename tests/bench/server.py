"""The web processes under gunicorn, exactly as `madoguchi serve` starts them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.ground import LOOPBACK


@contextmanager
def web(port: int, log: Path) -> Iterator[int]:
    """The portal on that port of the loopback address, until the block ends; a line for each request goes to `log`. Gives its process id."""
    from portal.cli.serve import THREADS, WORKERS, gunicorn_arguments

    with log.open("wb") as log_file:
        command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments(f"{LOOPBACK}:{port}", WORKERS, THREADS)]
        process = subprocess.Popen(command, stdout=log_file, stderr=subprocess.STDOUT)
    try:
        wait_until_up(process, port, "The web processes did not start.")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=40)


def wait_until_up(process: subprocess.Popen[bytes], port: int, otherwise: str, *, seconds: float = 90) -> None:
    """Wait until a server answers that it is well; ends the bench with these words where it does not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(otherwise)
