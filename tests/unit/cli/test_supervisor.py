"""The supervisor stops everything together and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.cli.supervisor import Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SERVER = [
    sys.executable,
    "-c",
    "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)",
]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_asked_to_stop_it_ends_every_child(port: int) -> None:
    supervisor = Supervisor([Child("server", [*SERVER, str(port)]), Child("helper", SLEEP)])
    failed = supervisor.run(ready=lambda: os.kill(os.getpid(), signal.SIGTERM), host="127.0.0.1", port=port)
    assert not failed
    assert [process.poll() is not None for process in supervisor.processes] == [True, True]


def test_a_needed_child_that_ends_ends_the_others(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor([Child("server", SLEEP), Child("worker", [sys.executable, "-c", "raise SystemExit(3)"])])
    assert supervisor.run(ready=lambda: None, host="127.0.0.1", port=port)
    assert "The worker process ended with status 3" in capsys.readouterr().err
    assert all(process.poll() is not None for process in supervisor.processes)


def test_without_a_helper_it_goes_on(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    helper = Child("scanner", [sys.executable, "-c", "raise SystemExit(1)"], needed=False)
    supervisor = Supervisor([helper, Child("server", [sys.executable, "-c", "import time; time.sleep(0.7)"])])
    supervisor.run(ready=lambda: None, host="127.0.0.1", port=port)
    said = capsys.readouterr().err
    assert said.index("scanner process ended with status 1; going on") < said.index("server process ended")


def test_children_do_not_outlive_a_killed_supervisor(port: int) -> None:
    program = (
        "import sys\n"
        "from portal.cli.supervisor import Child, Supervisor\n"
        "one = Supervisor([Child('server', sys.argv[2:])])\n"
        "one.run(ready=lambda: print(one.processes[0].pid, flush=True), host='127.0.0.1', port=int(sys.argv[1]))\n"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", program, str(port), *SERVER, str(port)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    child = int(killed.stdout.readline())
    assert alive(child)
    killed.kill()
    killed.wait()
    killed.stdout.close()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)
