"""A pid in postmaster.pid counts only when that process is a server of this very data folder."""

from pathlib import Path

import pytest

from portal.core.cluster.process import running_pid


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "postmaster.pid").write_text("4711\n" + str(folder) + "\n")
    return folder


def running(tmp_path: Path, *command: str) -> Path:
    process = tmp_path / "proc" / "4711"
    process.mkdir(parents=True)
    (process / "cmdline").write_bytes(b"".join(argument.encode() + b"\0" for argument in command))
    return tmp_path / "proc"


def test_a_server_of_this_folder_is_recognised(tmp_path: Path, data: Path) -> None:
    proc = running(tmp_path, "/usr/lib/postgresql/15/bin/postgres", "-D", str(data))
    assert running_pid(data, proc) == 4711


def test_a_server_of_another_folder_is_not(tmp_path: Path, data: Path) -> None:
    proc = running(tmp_path, "/usr/lib/postgresql/15/bin/postgres", "-D", str(data) + "-old")
    assert running_pid(data, proc) is None


def test_another_program_with_the_same_pid_is_not(tmp_path: Path, data: Path) -> None:
    proc = running(tmp_path, "/usr/bin/vim", str(data))
    assert running_pid(data, proc) is None


def test_a_process_that_ended_but_was_not_collected_is_not(tmp_path: Path, data: Path) -> None:
    assert running_pid(data, running(tmp_path)) is None


@pytest.mark.parametrize("content", ["", "\n", "not a number\n"])
def test_a_damaged_pid_file_counts_as_none(tmp_path: Path, data: Path, content: str) -> None:
    (data / "postmaster.pid").write_text(content)
    assert running_pid(data, running(tmp_path, "postgres", "-D", str(data))) is None


def test_no_file_no_server(tmp_path: Path) -> None:
    assert running_pid(tmp_path) is None
