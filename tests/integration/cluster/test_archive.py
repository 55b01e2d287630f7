"""What is written to the private cluster is archived within a minute, and can be restored to any moment since a base backup."""

import pytest

from tests.integration.cluster.hall import MACHIDA, Hall

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


@pytest.mark.slow
def test_what_came_after_a_base_comes_back_to_the_moment(hall: Hall) -> None:
    hall.madoguchi("init")
    hall.madoguchi(*MACHIDA)
    hall.run("-c", VISIT)
    hall.sql("CREATE TABLE proof (n int); INSERT INTO proof VALUES (1)")
    assert "no base yet" in hall.check()
    assert "is written" in hall.madoguchi("backup", "--base")
    assert hall.check().startswith("ok 1 bases")
    hall.sql("INSERT INTO proof VALUES (2)")
    between = hall.sql("SELECT clock_timestamp()")
    hall.sql("INSERT INTO proof VALUES (3)")
    assert "has cities already" in hall.madoguchi("restore", "--until", "latest", fails=True)

    archive = hall.cluster.archive.folder
    hall.lose()  # stopping archives the segment that was being written, as a minute would
    stored = [path for path in archive.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in (*stored, archive, archive / "wal")} == {0}
    assert len([path for path in stored if path.parent.name == "wal"]) >= 2
    assert not [path for path in stored if b"machida" in path.read_bytes()]

    assert "no base from before" in hall.madoguchi("restore", "--until", "2001-01-01 00:00:00", fails=True)
    assert "is no moment" in hall.madoguchi("restore", "--until", "yesterday", fails=True)
    assert "ends before that moment" in hall.madoguchi("restore", "--until", "2101-01-01 00:00:00", fails=True)
    output = hall.madoguchi("restore", "--until", "latest")
    assert "Restored: everything until 20" in output
    assert "jobs are held" in output.lower()
    assert hall.run("-c", LOOK) == "[1, 2, 3] 0 True"
    assert "jobs are held" in hall.madoguchi("worker", fails=True)

    hall.sql("INSERT INTO proof VALUES (4)")  # of another history than what follows
    hall.lose()
    hall.madoguchi("restore", "--until", between)
    assert hall.run("-c", LOOK) == "[1, 2] 0 True"
    assert "no base yet" in hall.check()
    hall.madoguchi("backup", "--base")
    hall.sql("INSERT INTO proof VALUES (5)")
    hall.lose()
    hall.madoguchi("restore", "--until", "latest")
    assert hall.run("-c", LOOK) == "[1, 2, 5] 0 True"
    hall.madoguchi("restore", "--release")
