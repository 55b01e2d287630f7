"""The whole database as one encrypted file, and an empty installation filled from it.

Dumped are the schemas that are ours, so that extensions and what they own stay the new server's. The keys are never in it.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text

from portal.backup.stream import BackupBroken, decrypt, encrypt
from portal.core.clock import now
from portal.core.cluster import Cluster
from portal.core.config import settings
from portal.core.crypto import fingerprint
from portal.core.database import SHARED_SCHEMA, engine, login_role, owner_engine, schema_of, urls
from portal.core.migrate import upgrade_all, upgrade_shared

_CHUNK_SIZE = 1 << 20
HELD = "restored_and_held"
"""An empty schema that is in a restored database until its jobs are released."""
_KEYS = ("data.json", "index.json", "application")


class BackupFailed(RuntimeError):
    """Why a backup was not written, or not restored; in words for the operator."""


class JobsHeld(RuntimeError):
    """This is a restored copy whose jobs were not released."""


def back_up(path: Path, passphrase: bytes) -> None:
    """Write a backup to a file that only its owner may read. An existing file is never overwritten."""
    with owner_engine().connect() as connection:
        cities = cities_in(connection)
    head = {"cities": cities, "at": now().astimezone(UTC).isoformat(timespec="seconds"), "keys": _keys_mark()}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as into:
            encrypt(_dumped(head), into, passphrase)
            into.flush()
            os.fsync(into.fileno())
    except BaseException:
        path.unlink()
        raise


def _dumped(head: dict[str, Any]) -> Iterator[bytes]:
    """One line about the backup, then what pg_dump writes. Raises BackupFailed."""
    yield json.dumps(head).encode() + b"\n"
    schemas = [f"--schema={name}" for name in (SHARED_SCHEMA, *map(schema_of, head["cities"]))]
    address, environment = _address()
    command = [_program("pg_dump"), "--format=custom", *schemas, f"--dbname={address}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as dump:  # noqa: S603 - our own words
        assert dump.stdout is not None  # noqa: S101 - a pipe was requested
        while chunk := dump.stdout.read(_CHUNK_SIZE):
            yield chunk
    if dump.returncode:
        raise BackupFailed(f"pg_dump ended with {dump.returncode}")


def restore(path: Path, passphrase: bytes) -> list[str]:
    """Fill an installation without cities from a backup; the keys of the cities. Needs the folder of keys of that time.

    Jobs are held until `release`, and every session ends. Raises BackupBroken and BackupFailed.
    """
    upgrade_shared()  # makes the roles that are shared
    with owner_engine().connect() as connection:
        if cities_in(connection):
            raise BackupFailed("this installation has cities already; a backup is restored into an empty one")
    with path.open("rb") as sealed:
        pieces = decrypt(sealed, passphrase)
        first, head = _head(pieces)
        if head["keys"] != _keys_mark():
            raise BackupFailed("the folder of keys is not the one of this backup; put it in place first")
        _make_room(head["cities"])
        _fill(first, pieces)
    upgrade_all()
    _end_web_sessions(head["cities"])
    return [str(key) for key in head["cities"]]


def _head(pieces: Iterator[bytes]) -> tuple[bytes, dict[str, Any]]:
    line, _end, rest = next(pieces).partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError as error:
        raise BackupBroken("this file begins with no line about a backup") from error
    return rest, head


def _make_room(cities: list[str]) -> None:
    """The cities' roles, which no dump of a database holds; and nothing in the way. Held from here on."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA "{SHARED_SCHEMA}" CASCADE')
        for role in map(schema_of, cities):
            if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": role}):
                connection.exec_driver_sql(f'CREATE ROLE "{role}" NOLOGIN')
            connection.exec_driver_sql(f'GRANT "{role}" TO "{login_role()}"')
            connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {HELD}")


def _fill(first: bytes, pieces: Iterator[bytes]) -> None:
    address, environment = _address()
    command = [_program("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={address}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as run:  # noqa: S603 - our own words
        assert run.stdin is not None  # noqa: S101 - a pipe was requested
        try:
            run.stdin.write(first)
            for piece in pieces:
                run.stdin.write(piece)
            run.stdin.close()
        except BaseException:
            run.kill()  # what was restored so far is rolled back
            raise
    if run.returncode:
        raise BackupFailed(f"pg_restore ended with {run.returncode}")


def _end_web_sessions(cities: list[str]) -> None:
    with owner_engine().begin() as connection:
        for schema in map(schema_of, cities):
            connection.exec_driver_sql(f'TRUNCATE "{schema}".web_session')


def is_held() -> bool:
    """Whether this is a restored copy whose jobs were not released."""
    with engine().connect() as connection:
        return bool(connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": HELD}))


def refuse_held() -> None:
    """Raises JobsHeld on a restored copy whose jobs were not released."""
    if is_held():
        raise JobsHeld(
            "This is a restored copy and its jobs are held. When it is to take the place of the lost one:"
            " madoguchi restore --release"
        )


def release() -> None:
    """Let workers run: mail that waited is sent, refunds that waited are made."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {HELD}")


def cities_in(connection: Connection) -> list[str]:
    """Keys of the cities, also where nothing was made yet."""
    if not connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{SHARED_SCHEMA}.city"}):
        return []
    return list(connection.scalars(text(f'SELECT key FROM "{SHARED_SCHEMA}".city ORDER BY key')))  # noqa: S608 - a constant


def _keys_mark() -> str:
    """Return a mark that identifies the folder of keys and reveals nothing about the keys. Raises BackupFailed when it is not whole."""
    folder = settings().instance_path / "keys"
    missing = [name for name in _KEYS if not (folder / name).exists()]
    if missing:
        raise BackupFailed(f"{folder} has no {', '.join(missing)}; put the folder of keys in place first")
    return fingerprint("backup", "the folder of keys").hex()


def _address() -> tuple[str, dict[str, str]]:
    """The owner's address without its password, and the environment that has it: other users can read a command's arguments."""
    url = make_url(urls()[1])
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return bare, os.environ | secret


def _program(name: str) -> str:
    return name if settings().database_url else Cluster(settings().instance_path).program(name)
