"""When the archive fails, has a hole, is stored elsewhere or belongs to another user: nothing stops, and the fault is reported."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portal.core.cluster import Cluster
from tests.forks import ROOT, Forks
from tests.integration.cluster.hall import Hall

NOBODY = "nobody"
PSQL = ("db", "psql", "-X", "-A", "-t", "-q", "-c")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that the database's account can reach, as a mounted share would be."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
def test_every_trouble_of_the_archive_has_its_word_and_its_way_out(hall: Hall) -> None:
    hall.cluster.up()
    assert hall.check().startswith("advice has no base yet")

    wal = hall.cluster.archive.folder / "wal"
    wal.rename(wal.with_name("away"))
    hall.end_segment()
    assert hall.check_until("could not be archived").startswith("problem")
    assert hall.sql("SELECT 1") == "1", "the portal goes on"
    wal.with_name("away").rename(wal)
    hall.sql("CREATE TABLE more (n int)")
    hall.end_segment()  # a new segment wakes the archiver before its minute is over
    hall.check_until("has no base yet")

    hall.madoguchi("backup", "--base")
    [base] = hall.cluster.archive.bases()
    old = base.path.with_name(f"20200101T000000Z-{base.first}.base")
    base.path.rename(old)
    assert "problem the newest base is of 2020-01-01 00:00 UTC" in hall.check()
    old.rename(base.path)
    assert hall.check().startswith("ok 1 bases")

    (hall.cluster.folder / "archive-gap").write_text(f"{base.first}\n", encoding="ascii")
    assert f"problem has a gap at {base.first}" in hall.check()
    hall.madoguchi("backup", "--base")
    assert hall.check().startswith("ok 2 bases"), "a base after the gap closes it"

    hall.cluster.down()
    Cluster(hall.instance, durable=False).up()
    assert hall.check() == "advice the private cluster runs without an archive"
    hall.settings = {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/madoguchi"}
    assert hall.check().startswith("ok left to the administrators")


@pytest.mark.slow
def test_a_missing_segment_is_reported_before_it_is_needed_and_when_it_is(hall: Hall) -> None:
    hall.cluster.up()
    hall.sql("CREATE TABLE proof (n int)")
    hall.madoguchi("backup", "--base")
    for number in range(3):
        hall.sql(f"INSERT INTO proof VALUES ({number})")
        hall.end_segment()
    moment = hall.sql("SELECT clock_timestamp()")
    hall.sql("INSERT INTO proof VALUES (3)")
    hall.cluster.down()
    *_earlier, missing, _after, _last = hall.segments()
    hall.cluster.up()
    missing.unlink()
    name = missing.name[:24]
    assert hall.check().startswith(f"problem segment {name} is missing from the archive")
    hall.lose()

    output = hall.madoguchi("restore", "--until", moment, fails=True)
    assert f"ends before that moment, for segment {name} is missing" in output
    output = hall.madoguchi("restore", "--until", "latest")
    assert f"NOT EVERYTHING CAME BACK: segment {name} is missing from the archive" in output
    assert "Restored: everything until" in output
    numbers = hall.sql("SELECT n FROM proof ORDER BY n").split()
    assert numbers in (["0"], ["0", "1"]), "what was written before it is there, nothing after"


@pytest.mark.slow
def test_the_archive_is_where_the_settings_say_and_holds_as_many_bases(hall: Hall, elsewhere: Path) -> None:
    hall.settings = {"MADOGUCHI_WAL_ARCHIVE_PATH": str(elsewhere / "share"), "MADOGUCHI_WAL_ARCHIVE_BASES": "2"}
    hall.cluster.up()
    hall.sql("CREATE TABLE proof (n int)")
    for number in range(3):
        hall.sql(f"INSERT INTO proof VALUES ({number})")
        hall.end_segment()
        hall.madoguchi("backup", "--base")
    archive = hall.cluster.archive
    assert archive.folder.parent == elsewhere / "share"
    assert len(archive.bases()) == 2
    first = archive.bases()[0].first
    assert all(path.name[:24] >= first for path in hall.segments()), "the log that no base needs is gone"
    assert archive.hole() is None
    assert not Cluster(hall.instance).archive.folder.exists(), "nothing is in the usual place"
    hall.sql("INSERT INTO proof VALUES (3)")
    hall.lose()
    hall.madoguchi("restore", "--until", "latest")
    assert hall.sql("SELECT n FROM proof ORDER BY n").split() == ["0", "1", "2", "3"]


@pytest.mark.slow
def test_an_archive_that_cannot_be_made_stops_nobody(hall: Hall, elsewhere: Path) -> None:
    (elsewhere / "file").touch()
    hall.settings = {"MADOGUCHI_WAL_ARCHIVE_PATH": str(elsewhere / "file" / "archive")}
    hall.cluster.up()
    hall.end_segment()
    assert hall.check_until("could not be archived").startswith("problem")
    output = hall.madoguchi("backup", "--base", fails=True)
    assert "Traceback" not in output


@pytest.fixture
def forks_of_nobody() -> Iterator[Forks]:
    """Commands of a user who is not root: by the tests' own interpreter, or by the system's with the same packages."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    more = {"PYTHONPATH": os.pathsep.join([str(ROOT), *packages]), "PYTHONDONTWRITEBYTECODE": "1"}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for interpreter in (sys.executable, f"/usr/bin/python{version}"):
        with suppress(OSError), Forks(interpreter, NOBODY, more) as forks:
            if forks.run(("-c", "import portal.cli"), os.environ)[0] == 0:
                yield forks
                return
    pytest.skip(reason="no other user can read this checkout and its packages")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="everything here runs as a user who is not root already")
def test_a_user_who_is_not_root_archives_and_restores(elsewhere: Path, forks_of_nobody: Forks) -> None:
    shutil.chown(elsewhere, NOBODY)
    hall = Hall(elsewhere / "instance", forks_of_nobody)
    try:
        hall.madoguchi("db", "up")
        hall.madoguchi(*PSQL, "CREATE TABLE proof (n int); INSERT INTO proof VALUES (1)")
        hall.madoguchi("backup", "--base")
        hall.madoguchi(*PSQL, "INSERT INTO proof VALUES (2)")
        assert hall.check().startswith("ok 1 bases")
        hall.madoguchi("db", "down")
        shutil.rmtree(hall.instance / "database")
        hall.madoguchi("restore", "--until", "latest")
        assert hall.madoguchi(*PSQL, "SELECT n FROM proof ORDER BY n").split() == ["1", "2"]
        owners = {path.owner() for path in hall.instance.rglob("*")}
        assert owners == {NOBODY}
        assert {path.stat().st_mode & 0o077 for path in (hall.instance / "archive").rglob("*")} == {0}
    finally:
        hall.madoguchi("db", "down")
