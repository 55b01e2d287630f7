"""A whole installation is written to one encrypted file and comes up from it in an empty one, by the commands of the page on backups."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backup import stream
from portal.backup.stream import BackupBroken, decrypt, encrypt
from portal.core.cluster import Cluster

PASSPHRASE = "ひまわり-river-48-lantern-tachikawa"
FILL = """
from portal.core.database import city_session
from portal.core.events import Actor, Subject, record
from portal.core.jobs import enqueue
from portal.core.sessions import WebSession
from portal.core.clock import now
from portal.identity.accounts import account_for
import portal.models, portal.notifications.jobs
with city_session("machida") as session:
    account_for(session, "misaki@example.jp", "ja")
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


def run(instance: Path, *words: str, fails: bool = False) -> str:
    """A process of its own on that installation."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    environment |= {"MADOGUCHI_INSTANCE_PATH": str(instance), "MADOGUCHI_ENVIRONMENT": "test"}
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def madoguchi(instance: Path, *words: str, fails: bool = False) -> str:
    return run(instance, "-m", "portal.cli", *words, fails=fails)


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two instance folders, whose clusters are gone afterwards."""
    both = tmp_path / "old", tmp_path / "new"
    yield both
    for instance in both:
        Cluster(instance, durable=False).destroy()


@pytest.mark.slow
def test_an_installation_comes_up_from_its_backup(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    passphrase, file = tmp_path / "passphrase", tmp_path / "madoguchi.backup"
    passphrase.write_text(PASSPHRASE + "\n")
    madoguchi(old, "init")
    madoguchi(
        old,
        *("city", "create", "machida", "--name", "町田市", "--name-kana", "まちだし", "--name-en", "Machida City"),
        *("--code", "132098", "--postal-code", "194-8520", "--address", "東京都町田市森野2-2-22"),
        *("--phone", "042-722-3111", "--center", "139.44", "35.55"),
    )
    run(old, "-c", FILL)
    said = madoguchi(old, "backup", str(file), "--passphrase-file", str(passphrase))
    assert "are not in it" in said
    assert file.stat().st_mode & 0o077 == 0
    assert b"machida" not in file.read_bytes()
    assert "File exists" in madoguchi(old, "backup", str(file), "--passphrase-file", str(passphrase), fails=True)

    restore = ("restore", str(file), "--passphrase-file", str(passphrase))
    assert "put the folder of keys in place first" in madoguchi(new, *restore, fails=True)
    shutil.rmtree(new / "keys", ignore_errors=True)
    shutil.copytree(old / "keys", new / "keys")
    assert "jobs are held" in madoguchi(new, *restore).lower()
    look = run(new, "-c", LOOK).splitlines()
    assert look == ["['misaki@example.jp'] 0", "1 None", "False", "1"]
    assert "jobs are held" in madoguchi(new, "worker", fails=True)
    assert "has cities already" in madoguchi(new, *restore, fails=True)
    madoguchi(new, "init")
    madoguchi(new, "restore", "--release")
    assert run(new, "-c", "from portal.backup.actions import is_held; print(is_held())").strip() == "False"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces and a cheap key, for tests of the form alone."""
    monkeypatch.setattr(stream, "_PIECE", 10)
    monkeypatch.setattr(stream, "_COST", 2)


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 95])
def test_what_was_encrypted_comes_out_again(quick: None, size: int) -> None:
    plain, into = os.urandom(size), io.BytesIO()
    encrypt(iter([plain[:3], plain[3:]]), into, b"p")
    assert b"".join(decrypt(io.BytesIO(into.getvalue()), b"p")) == plain


def test_what_was_altered_cut_off_or_put_together_is_refused(quick: None) -> None:
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
