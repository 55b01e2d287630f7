"""The archive of a cluster: what is kept of it, where it breaks off, and how the server stores a segment."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.core.cluster.account import Account, current_user
from portal.core.cluster.archive import SCRIPT, Archive, Base, Break, base_name
from portal.core.cluster.layout import Layout

MORNING = datetime(2026, 11, 28, 3, tzinfo=UTC)
DIGEST = "0" * 32


def segment(number: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{number // 256:08X}{number % 256:08X}"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    account = Account(current_user(), os.geteuid(), os.getegid())
    (tmp_path / "home").mkdir()
    archive = Archive(
        Layout(tmp_path / "home", tmp_path / "socket", tmp_path / "archive"), account, tmp_path / "keys" / "archive.pem"
    )
    archive.prepare()
    return archive


def store(archive: Archive, *numbers: int, timeline: int = 1) -> None:
    for number in numbers:
        (archive.folder / "wal" / f"{segment(number, timeline)}-{DIGEST}").touch()


def take_base(archive: Archive, day: int, first: int, timeline: int = 1) -> Base:
    path = archive.folder / base_name(MORNING.replace(day=day), segment(first, timeline))
    path.touch()
    return Base.of(path)


def kept(archive: Archive) -> tuple[list[int], list[int]]:
    """The days of the bases and the numbers of the segments that are there."""
    names = sorted(path.name[:24] for path in (archive.folder / "wal").glob("*-*"))
    return [base.at.day for base in archive.bases()], [int(name[8:16], 16) * 256 + int(name[16:], 16) for name in names]


def test_the_newest_bases_stay_with_the_log_since_the_oldest_of_them(archive: Archive) -> None:
    store(archive, *range(250, 262))
    for day, first in ((1, 251), (2, 255), (3, 258)):
        take_base(archive, day, first)
    archive.keep(2)
    assert kept(archive) == ([2, 3], list(range(255, 262))), "255 and 256 are neighbours across two parts of the name"
    archive.keep(2)
    assert kept(archive) == ([2, 3], list(range(255, 262)))
    archive.keep(7)
    assert kept(archive)[0] == [2, 3]


def test_without_a_base_no_segment_is_deleted(archive: Archive) -> None:
    store(archive, 1, 2)
    archive.keep(1)
    assert kept(archive) == ([], [1, 2])


def test_files_of_another_history_are_not_touched(archive: Archive) -> None:
    store(archive, 1, 2, 3)
    take_base(archive, 1, 1)
    before = archive.folder
    archive.begin()
    archive.prepare()
    store(archive, 5, timeline=2)
    take_base(archive, 2, 5, timeline=2)
    archive.keep(1)
    assert len(list((before / "wal").iterdir())) == 3
    assert [base.at.day for base in archive.every_base()] == [1, 2]


@pytest.mark.parametrize(
    ("stored", "missing"),
    [
        ((), None),
        ((254,), None),
        ((254, 255, 256), None),
        ((255,), 254),
        ((254, 256), 255),
        ((253, 254, 255, 257), 256),
    ],
)
def test_the_first_segment_that_is_missing_is_named(
    archive: Archive, stored: tuple[int, ...], missing: int | None
) -> None:
    take_base(archive, 1, 1)
    take_base(archive, 2, 254)
    store(archive, *stored)
    assert archive.hole() == (Break(segment(missing), "is missing from the archive") if missing else None)


def test_without_a_base_nothing_is_missing(archive: Archive) -> None:
    store(archive, 1, 3)
    assert archive.hole() is None


class Server:
    """What the script sees of the server that runs it: its data folder, with segments that wait."""

    def __init__(self, archive: Archive, data: Path) -> None:
        self.archive, self.data = archive, data
        (data / "pg_wal" / "archive_status").mkdir(parents=True)

    def write(self, name: str, content: bytes) -> None:
        (self.data / "pg_wal" / name).write_bytes(content)

    def waiting(self, count: int) -> None:
        for number in range(count):
            (self.data / "pg_wal" / "archive_status" / f"{segment(number)}.ready").touch()

    def store(self, name: str) -> bool:
        """Whether the segment may be deleted."""
        home = self.archive.folder.parent.parent / "home"
        arguments = [f"pg_wal/{name}", name, self.archive.folder / "wal", home / "archive.pem", home / "archive-gap"]
        run = subprocess.run(["bash", SCRIPT, *arguments], cwd=self.data, capture_output=True, check=False)
        return run.returncode == 0

    def stored(self) -> list[Path]:
        return sorted(path for path in (self.archive.folder / "wal").iterdir() if not path.name.startswith("."))


@pytest.fixture
def server(archive: Archive, tmp_path: Path) -> Server:
    return Server(archive, tmp_path / "data")


def test_a_segment_is_stored_once_and_opens_with_the_key(server: Server, tmp_path: Path) -> None:
    server.write(segment(1), b"misaki" * 1000)
    assert server.store(segment(1))
    assert server.store(segment(1)), "the server may ask again after a crash"
    [path] = server.stored()
    assert path.stat().st_mode & 0o077 == 0
    assert b"misaki" not in path.read_bytes()
    into = tmp_path / "replay"
    into.mkdir()
    assert server.archive.open_segments(take_base(server.archive, 1, 1), into) is None
    plain = subprocess.run(["gunzip", "-c", into / f"{segment(1)}.gz"], capture_output=True, check=True).stdout
    assert plain == b"misaki" * 1000


def test_a_damaged_segment_ends_what_can_be_followed(server: Server, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        server.write(segment(number), bytes([number]) * 1000)
        assert server.store(segment(number))
    damaged = server.stored()[1]
    content = bytearray(damaged.read_bytes())
    content[-40] ^= 1
    damaged.write_bytes(content)
    into = tmp_path / "replay"
    into.mkdir()
    broken = server.archive.open_segments(take_base(server.archive, 1, 1), into)
    assert broken is not None
    assert broken.segment == segment(2)
    assert str(damaged) in str(broken)
    assert [path.name for path in into.iterdir()] == [f"{segment(1)}.gz"]


def test_another_segment_of_that_name_is_never_written_over(server: Server) -> None:
    server.write(segment(1), b"one history")
    assert server.store(segment(1))
    server.write(segment(1), b"another history")
    assert not server.store(segment(1))
    assert len(server.stored()) == 1


def test_while_the_archive_fails_segments_wait_and_many_are_given_up(server: Server) -> None:
    shutil.rmtree(server.archive.folder / "wal")
    server.write(segment(1), b"x")
    server.waiting(64)
    assert not server.store(segment(1))
    assert server.archive.gap == ""
    server.waiting(65)
    assert server.store(segment(1)), "a full disk would stop the portal"
    assert server.archive.gap == segment(1)
    server.archive.close_gap()
    assert server.archive.gap == ""
