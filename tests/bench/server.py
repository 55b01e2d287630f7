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
def web(port: int, log: Path) -> Iterator[None]:
    """The portal on that port of the loopback address, until the block ends; a line for each request goes to `log`."""
    from portal.cli.serve import THREADS, WORKERS, gunicorn_arguments

    with log.open("wb") as log_file:
        command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments(f"{LOOPBACK}:{port}", WORKERS, THREADS)]
        process = subprocess.Popen(command, stdout=log_file, stderr=subprocess.STDOUT)
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web processes did not start.")
