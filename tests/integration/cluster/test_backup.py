"""A whole installation is written to one encrypted file and comes up from it in an empty one, by the commands of the page on backups."""

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backup import stream
from portal.backup.stream import BackupBroken, decrypt, encrypt
from tests.forks import Forks
from tests.integration.cluster.hall import MACHIDA, Hall
from tests.prepared import CLUSTER, begin_with

PASSPHRASE = "ひまわり-river-48-lantern-tachikawa"
FILL = """
from portal.core.database import city_session
from portal.core.events import Actor, Subject, record
from portal.core.jobs import enqueue
from portal.core.sessions import WebSession
from portal.core.clock import now
from portal.identity.resident_accounts import sign_in_account
import portal.desk, portal.models, portal.notifications.jobs
with city_session("machida") as session:
    sign_in_account(session, "misaki@example.jp", "ja")
    record(session, Subject("list"), "list.viewed", Actor("staff", 1, "A"), filters="", rows=1)
    session.add(WebSession(digest=b"1", data={}, created_at=now(), seen_at=now(), expires_at=now()))
    enqueue(session, "notifications.send", message_id=1)
"""
LOOK = """
from sqlalchemy import select, text
from portal.audit.actions import check
from portal.core.database import city_session, shared_session, owner_engine
from portal.identity.models import Account
with city_session("machida") as session:
    print(session.scalars(select(Account.email)).all(), session.scalar(text("SELECT count(*) FROM web_session")))
    outcome = check(session)
    print(outcome.events, outcome.fault)
    print(session.scalar(text("SELECT has_table_privilege('event', 'DELETE')")))
with owner_engine().connect() as connection:
    print(connection.scalar(text("SELECT count(*) FROM shared.procrastinate_jobs WHERE status = 'todo'")))
"""


@pytest.fixture
def halls(tmp_path: Path, forks: Forks) -> Iterator[tuple[Hall, Hall]]:
    """Two installations, whose clusters are gone afterwards."""
    both = Hall(tmp_path / "old", forks), Hall(tmp_path / "new", forks)
    for hall in both:
        begin_with(CLUSTER, hall.instance, forks)
    yield both
    for hall in both:
        hall.cluster.destroy()


@pytest.mark.slow
def test_an_installation_comes_up_from_its_backup(halls: tuple[Hall, Hall], tmp_path: Path) -> None:
    old, new = halls
    passphrase, file = tmp_path / "passphrase", tmp_path / "madoguchi.backup"
    passphrase.write_text(PASSPHRASE + "\n")
    old.madoguchi("init")
    old.madoguchi(*MACHIDA)
    old.run("-c", FILL)
    output = old.madoguchi("backup", str(file), "--passphrase-file", str(passphrase))
    assert "are not in it" in output
    assert file.stat().st_mode & 0o077 == 0
    assert b"machida" not in file.read_bytes()
    assert "File exists" in old.madoguchi("backup", str(file), "--passphrase-file", str(passphrase), fails=True)

    restore = ("restore", str(file), "--passphrase-file", str(passphrase))
    assert "put the folder of keys in place first" in new.madoguchi(*restore, fails=True)
    shutil.rmtree(new.instance / "keys", ignore_errors=True)
    shutil.copytree(old.instance / "keys", new.instance / "keys")
    assert "jobs are held" in new.madoguchi(*restore).lower()
    look = new.run("-c", LOOK).splitlines()
    assert look == ["['misaki@example.jp'] 0", "1 None", "False", "1"]
    assert "jobs are held" in new.madoguchi("worker", fails=True)
    assert "has cities already" in new.madoguchi(*restore, fails=True)
    new.madoguchi("init")
    new.madoguchi("restore", "--release")
    assert new.run("-c", "from portal.backup.actions import is_held; print(is_held())") == "False"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces and a cheap key, for tests of the form alone."""
    monkeypatch.setattr(stream, "_CHUNK_SIZE", 10)
    monkeypatch.setattr(stream, "_COST", 2)


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 95])
def test_what_was_encrypted_comes_out_again(quick: None, size: int) -> None:
    plain, into = os.urandom(size), io.BytesIO()
    encrypt(iter([plain[:3], plain[3:]]), into, b"p")
    assert b"".join(decrypt(io.BytesIO(into.getvalue()), b"p")) == plain


def test_what_was_altered_cut_off_or_combined_is_refused(quick: None) -> None:
    into = io.BytesIO()
    encrypt(iter([b"0123456789" * 5]), into, b"p")
    sealed, head = into.getvalue(), len(stream.MAGIC) + 23
    piece = 10 + 16
    broken = [
        sealed[:-1],
        sealed[: head + 2 * piece],
        sealed[: head + 1] + bytes([sealed[head + 1] ^ 1]) + sealed[head + 2 :],
        sealed[:head]
        + sealed[head + piece : head + 2 * piece]
        + sealed[head : head + piece]
        + sealed[head + 2 * piece :],
        b"PGDMP" + sealed,
        sealed[:20],
    ]
    for each in broken:
        with pytest.raises(BackupBroken):
            list(decrypt(io.BytesIO(each), b"p"))
    with pytest.raises(BackupBroken):
        list(decrypt(io.BytesIO(sealed), b"q"))
