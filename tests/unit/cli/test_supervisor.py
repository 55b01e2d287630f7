"""The supervisor stops everything together and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.cli.supervisor import Child, ChildEnded, Stopped, Supervisor, page_answers

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]


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


def test_stopping_ends_every_child(port: int) -> None:
    with pytest.raises(Stopped), Supervisor() as supervisor:
        supervisor.start(Child("server", [*SERVER, str(port)]))
        supervisor.start(Child("helper", SLEEP))
        supervisor.wait_until(lambda: page_answers("127.0.0.1", port, "/"), "The portal")
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.watch()
    assert [process.poll() is not None for process in supervisor.processes] == [True, True]


def test_a_needed_child_that_ends_ends_the_others(port: int) -> None:
    with pytest.raises(ChildEnded, match="The worker process ended with status 3"), Supervisor() as supervisor:
        supervisor.start(Child("server", SLEEP))
        supervisor.start(Child("worker", [sys.executable, "-c", "raise SystemExit(3)"]))
        supervisor.wait_until(lambda: page_answers("127.0.0.1", port, "/"), "The portal")
    assert all(process.poll() is not None for process in supervisor.processes)


def test_without_a_helper_it_goes_on(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with Supervisor() as supervisor:
        supervisor.start(Child("scanner", [sys.executable, "-c", "raise SystemExit(1)"], needed=False))
        supervisor.processes[0].wait()
        supervisor.start(Child("server", [*SERVER, str(port)]))
        supervisor.wait_until(lambda: page_answers("127.0.0.1", port, "/"), "The portal")
    assert "scanner process ended with status 1; going on" in capsys.readouterr().err


def test_waiting_for_a_server_that_never_answers_times_out() -> None:
    with pytest.raises(ChildEnded, match="The portal does not answer"), Supervisor() as supervisor:
        supervisor.start(Child("server", SLEEP))
        supervisor.wait_until(lambda: False, "The portal", seconds=0.1)


def test_children_do_not_outlive_a_killed_supervisor() -> None:
    program = (
        "import sys\n"
        "from portal.cli.supervisor import Child, Supervisor\n"
        "with Supervisor() as one:\n"
        "    one.start(Child('server', sys.argv[1:]))\n"
        "    print(one.processes[0].pid, flush=True)\n"
        "    one.watch()\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", program, "sleep", "60"], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    child = int(killed.stdout.readline())
    while (Path("/proc") / str(child) / "comm").read_text().strip() != "sleep":
        time.sleep(0.01)  # setpriv first asks the kernel for the signal, then becomes the program
    killed.kill()
    killed.wait()
    killed.stdout.close()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)


def test_a_child_that_may_come_back_is_started_again(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "was-here"
    program = (
        f"import pathlib, sys, http.server; mark = pathlib.Path({str(mark)!r}); first = not mark.exists(); mark.touch()\n"
        f"if first: sys.exit(7)\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), http.server.SimpleHTTPRequestHandler).serve_forever()"
    )
    with Supervisor() as supervisor:
        supervisor.start(Child("worker", [sys.executable, "-c", program], restarts=True))
        supervisor.wait_until(lambda: page_answers("127.0.0.1", port, "/"), "The portal")
    assert "worker process ended with status 7; starting it again" in capsys.readouterr().err


def test_a_child_that_ends_again_and_again_ends_everything() -> None:
    with pytest.raises(ChildEnded, match="The worker process ended with status 3"), Supervisor() as supervisor:
        supervisor.start(Child("worker", [sys.executable, "-c", "raise SystemExit(3)"], restarts=True))
        supervisor.watch()
