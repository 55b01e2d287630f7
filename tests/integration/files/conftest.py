"""A virus scanner of the tests' own: clamd with one signature, on a socket in a folder of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_SIGNATURE = "Tests.Eicar:0:*:" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE".hex() + "\n"
_LIMIT = "2M"
_PATIENCE = 30


@pytest.fixture(scope="package")
def clamd() -> Iterator[str]:
    """The socket of a running clamd that knows the EICAR test file and takes streams up to 2 MB."""
    program = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.fail("clamd is missing. Install the Debian package clamav-daemon.")
    with tempfile.TemporaryDirectory(prefix="scan") as folder:
        here = Path(folder)
        (here / "signatures").mkdir()
        (here / "signatures" / "tests.ndb").write_text(_SIGNATURE, encoding="ascii")
        path = here / "clamd.sock"
        (here / "clamd.conf").write_text(
            f"Foreground yes\nLocalSocket {path}\nDatabaseDirectory {here / 'signatures'}\n"
            f"StreamMaxLength {_LIMIT}\nMaxThreads 2\n",
            encoding="utf-8",
        )
        log = (here / "log").open("wb")
        running = subprocess.Popen([program, "-c", str(here / "clamd.conf")], stdout=log, stderr=log)
        try:
            _wait(path, running, here / "log")
            yield str(path)
        finally:
            running.terminate()
            running.wait(10)
            log.close()


def _wait(path: Path, running: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and running.poll() is None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return
        time.sleep(0.05)
    pytest.fail(f"clamd did not come up:\n{log.read_text()}")


@pytest.fixture
def scanner(clamd: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The portal configured with that scanner."""
    return use_scanner(monkeypatch, clamd)


def use_scanner(monkeypatch: pytest.MonkeyPatch, path: str) -> str:
    """Configure the portal with the scanner at a socket."""
    from portal.core.config import settings

    chosen = settings().model_copy(update={"clamd_socket": path})
    monkeypatch.setattr("portal.files.scanner.settings", lambda: chosen)
    return path
