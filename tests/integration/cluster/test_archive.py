"""What is written to the private cluster is archived within a minute, and comes back as it was at any moment since a base."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.cluster import Cluster

MACHIDA = (
    *("city", "create", "machida", "--name", "町田市", "--name-kana", "まちだし", "--name-en", "Machida City"),
    *("--code", "132098", "--postal-code", "194-8520", "--address", "東京都町田市森野2-2-22"),
    *("--phone", "042-722-3111", "--center", "139.44", "35.55"),
)
VISIT = """
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.sessions import WebSession
import portal.models
with city_session("machida") as session:
    session.add(WebSession(digest=b"1", data={}, created_at=now(), seen_at=now(), expires_at=now()))
"""
LOOK = """
from sqlalchemy import text
from portal.backup.actions import is_held
from portal.core.database import city_session, owner_engine
with city_session("machida") as session:
    visits = session.scalar(text("SELECT count(*) FROM web_session"))
with owner_engine().connect() as connection:
    print(connection.scalars(text("SELECT n FROM proof ORDER BY n")).all(), visits, is_held())
"""
CHECK = "from portal.cli.checks.archive import log_archive; found = log_archive(); print(found.level, found.detail)"


def run(instance: Path, *words: str, fails: bool = False) -> str:
    """A process of its own on that installation."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    environment |= {"MADOGUCHI_INSTANCE_PATH": str(instance), "MADOGUCHI_ENVIRONMENT": "test"}
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return (done.stdout + done.stderr).strip()


def madoguchi(instance: Path, *words: str, fails: bool = False) -> str:
    return run(instance, "-m", "portal.cli", *words, fails=fails)


def sql(instance: Path, statement: str) -> str:
    """As the owner, in one transaction of its own; what it gives in one line."""
    return madoguchi(instance, "db", "psql", "-X", "-A", "-t", "-q", "-c", statement)


def lose(instance: Path) -> None:
    """The disk with the database is gone; the archive and the keys are not."""
    cluster = Cluster(instance)
    cluster.down()
    shutil.rmtree(cluster.folder)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "instance"
    yield folder
    Cluster(folder).destroy()


@pytest.mark.slow
def test_what_came_after_a_base_comes_back_to_the_moment(instance: Path) -> None:
    madoguchi(instance, "init")
    madoguchi(instance, *MACHIDA)
    run(instance, "-c", VISIT)
    sql(instance, "CREATE TABLE proof (n int); INSERT INTO proof VALUES (1)")
    assert "no base yet" in run(instance, "-c", CHECK)
    assert "is written" in madoguchi(instance, "backup", "--base")
    assert run(instance, "-c", CHECK).startswith("ok 1 bases")
    sql(instance, "INSERT INTO proof VALUES (2)")
    between = sql(instance, "SELECT clock_timestamp()")
    sql(instance, "INSERT INTO proof VALUES (3)")
    assert "has cities already" in madoguchi(instance, "restore", "--until", "latest", fails=True)

    archive = Cluster(instance).archive.folder
    lose(instance)  # stopping archives the segment that was being written, as a minute would
    stored = [path for path in archive.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in (*stored, archive, archive / "wal")} == {0}
    assert len([path for path in stored if path.parent.name == "wal"]) >= 2
    assert not [path for path in stored if b"machida" in path.read_bytes()]

    assert "no base from before" in madoguchi(instance, "restore", "--until", "2001-01-01 00:00:00", fails=True)
    assert "is no moment" in madoguchi(instance, "restore", "--until", "yesterday", fails=True)
    assert "ends before that moment" in madoguchi(instance, "restore", "--until", "2101-01-01 00:00:00", fails=True)
    said = madoguchi(instance, "restore", "--until", "latest")
    assert "Restored: everything until 20" in said
    assert "jobs are held" in said.lower()
    assert run(instance, "-c", LOOK) == "[1, 2, 3] 0 True"
    assert "jobs are held" in madoguchi(instance, "worker", fails=True)

    sql(instance, "INSERT INTO proof VALUES (4)")  # of another history than what follows
    lose(instance)
    madoguchi(instance, "restore", "--until", between)
    assert run(instance, "-c", LOOK) == "[1, 2] 0 True"
    assert "no base yet" in run(instance, "-c", CHECK)
    madoguchi(instance, "backup", "--base")
    sql(instance, "INSERT INTO proof VALUES (5)")
    lose(instance)
    madoguchi(instance, "restore", "--until", "latest")
    assert run(instance, "-c", LOOK) == "[1, 2, 5] 0 True"
    madoguchi(instance, "restore", "--release")
