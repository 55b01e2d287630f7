"""When the archive fails, has a hole, lies elsewhere or belongs to another user: nothing stops, and what is wrong is said."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.core.cluster import Cluster
from portal.core.cluster.programs import choose
from tests.integration.cluster.test_archive import CHECK

ROOT = Path(__file__).parents[3]
NOBODY = "nobody"
PATIENCE = 60  # seconds


@dataclass
class Hall:
    """An installation of its own; commands are processes with these settings, under this user."""

    instance: Path
    settings: dict[str, str] = field(default_factory=dict)
    interpreter: str = sys.executable
    user: str | None = None

    def run(self, *words: str, fails: bool = False) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
        environment |= {"MADOGUCHI_INSTANCE_PATH": str(self.instance), "MADOGUCHI_ENVIRONMENT": "test", **self.settings}
        user = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(  # type: ignore[call-overload]
            [self.interpreter, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280, **user
        )  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return str(done.stdout + done.stderr).strip()

    def madoguchi(self, *words: str, fails: bool = False) -> str:
        return self.run("-m", "portal.cli", *words, fails=fails)

    def sql(self, statement: str) -> str:
        """As the owner of the tables; what it gives, without its last line end."""
        if self.user:
            return self.madoguchi("db", "psql", "-X", "-A", "-t", "-q", "-c", statement)
        command = self.cluster.psql("-X", "-A", "-t", "-q", "-c", statement)
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def end_segment(self) -> None:
        """As a minute would."""
        cluster = self.cluster
        cluster._administer(choose(cluster.status().version), "-d", "postgres", "-c", "SELECT pg_switch_wal()")

    def check(self) -> str:
        """What `madoguchi doctor` says of the archive."""
        return self.run("-c", CHECK)

    def check_until(self, words: str) -> str:
        """The same, as soon as the server's archiver has come so far."""
        until = time.monotonic() + PATIENCE
        while words not in (said := self.check()):
            assert time.monotonic() < until, said
        return said

    @property
    def cluster(self) -> Cluster:
        archive = self.settings.get("MADOGUCHI_WAL_ARCHIVE_PATH")
        return Cluster(self.instance, archive=Path(archive) if archive else None)

    def segments(self) -> list[Path]:
        """What is stored of the log, in its order."""
        return sorted(path for path in (self.cluster.archive.folder / "wal").glob("*-*") if "." not in path.name)

    def lose(self) -> None:
        """The disk with the database is gone."""
        self.cluster.down()
        shutil.rmtree(self.cluster.folder)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path / "instance")
    yield made
    made.cluster.destroy()


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
def test_a_missing_segment_is_said_before_it_is_needed_and_when_it_is(hall: Hall) -> None:
    hall.cluster.up()
    hall.sql("CREATE TABLE proof (n int)")
    hall.madoguchi("backup", "--base")
    for number in range(3):
        hall.sql(f"INSERT INTO proof VALUES ({number})")
        hall.end_segment()
    moment = hall.sql("SELECT clock_timestamp()")
    hall.sql("INSERT INTO proof VALUES (3)")
    hall.cluster.down()
    *_earlier, lost, _after, _last = hall.segments()
    hall.cluster.up()
    lost.unlink()
    name = lost.name[:24]
    assert hall.check().startswith(f"problem segment {name} is missing from the archive")
    hall.lose()

    said = hall.madoguchi("restore", "--until", moment, fails=True)
    assert f"ends before that moment, for segment {name} is missing" in said
    said = hall.madoguchi("restore", "--until", "latest")
    assert f"NOT EVERYTHING CAME BACK: segment {name} is missing from the archive" in said
    assert "Restored: everything until" in said
    numbers = hall.sql("SELECT n FROM proof ORDER BY n").split()
    assert numbers in (["0"], ["0", "1"]), "what was written before it is there, nothing after"


@pytest.mark.slow
def test_the_archive_lies_where_the_settings_say_and_holds_as_many_bases(hall: Hall, elsewhere: Path) -> None:
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
    assert not Cluster(hall.instance).archive.folder.exists(), "nothing lies in the usual place"
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
    said = hall.madoguchi("backup", "--base", fails=True)
    assert "Traceback" not in said


def _interpreter_of(user: str) -> dict[str, object] | None:
    """What lets that user run this program: the tests' own interpreter, or the system's with the same packages."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    found = {"PYTHONPATH": os.pathsep.join([str(ROOT), *packages]), "PYTHONDONTWRITEBYTECODE": "1"}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for interpreter in (sys.executable, f"/usr/bin/python{version}"):
        hall = Hall(Path("/nonexistent"), dict(found), interpreter, user)
        try:
            hall.run("-c", "import portal.cli, sqlalchemy, psycopg")
        except (AssertionError, OSError):
            continue
        return {"settings": found, "interpreter": interpreter, "user": user}
    return None


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="everything here runs as a user who is not root already")
def test_a_user_who_is_not_root_archives_and_restores(elsewhere: Path) -> None:
    able = _interpreter_of(NOBODY)
    if able is None:
        pytest.skip(reason="no other user can read this checkout and its packages")
    shutil.chown(elsewhere, NOBODY)
    hall = Hall(elsewhere / "instance", **able)  # type: ignore[arg-type]
    try:
        hall.madoguchi("db", "up")
        hall.sql("CREATE TABLE proof (n int); INSERT INTO proof VALUES (1)")
        hall.madoguchi("backup", "--base")
        hall.sql("INSERT INTO proof VALUES (2)")
        assert hall.check().startswith("ok 1 bases")
        hall.madoguchi("db", "down")
        shutil.rmtree(hall.instance / "database")
        hall.madoguchi("restore", "--until", "latest")
        assert hall.sql("SELECT n FROM proof ORDER BY n").split() == ["1", "2"]
        owners = {path.owner() for path in hall.instance.rglob("*")}
        assert owners == {NOBODY}
        assert {path.stat().st_mode & 0o077 for path in (hall.instance / "archive").rglob("*")} == {0}
    finally:
        hall.madoguchi("db", "down")
