"""The instance's secrets are made once, whichever process comes first, and are reported missing before anything breaks."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.core import crypto

PROGRAM = (
    "import sys, time; from portal.core.crypto import application_secret\n"
    "while time.time() < float(sys.argv[1]): pass\n"
    "print(application_secret())"
)


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    import os
    import time

    environment = {**os.environ, "MADOGUCHI_INSTANCE_PATH": str(tmp_path)}
    start = str(time.time() + 3)
    started = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, start], env=environment, stdout=subprocess.PIPE, text=True)
        for _process in range(4)
    ]
    secrets = {process.communicate()[0].strip() for process in started}
    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["application"]


def test_a_secret_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "application"
    crypto._make_once(path, "first")
    crypto._make_once(path, "second")
    assert path.read_text() == "first"
    assert path.stat().st_mode & 0o777 == 0o600
