"""Bases of the private cluster, encrypted beside its archived write-ahead log, and an installation made from them as it was at any moment since."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.backup.actions import HELD, BackupFailed, cities_in
from portal.backup.stream import BackupBroken, decrypt, encrypt
from portal.core.clock import now
from portal.core.cluster import Base, Break, Cluster, base_name
from portal.core.config import settings
from portal.core.database import owner_engine, private_cluster
from portal.core.migrate import upgrade_all

_BEFORE_ANYBODY_ENTERS = f"""
CREATE SCHEMA IF NOT EXISTS {HELD} AUTHORIZATION portal_owner;
DO $$
DECLARE visits record;
BEGIN
    FOR visits IN SELECT schemaname FROM pg_tables WHERE tablename = 'web_session' LOOP
        EXECUTE format('TRUNCATE %I.web_session', visits.schemaname);
    END LOOP;
END $$;
"""  # noqa: S608 - a constant


@dataclass(frozen=True)
class Restored:
    """From which base, when the last change ended that is in it again, and where the log broke off, if something follows that is not."""

    base: Base
    until: datetime
    broken: Break | None = None


def take_base() -> Path:
    """Write a base into the archive, readable by its owner alone; older ones than are kept go, and the log that only they needed.

    Raises BackupFailed, ClusterError and OSError.
    """
    cluster = _cluster()
    cluster.up()
    folder = cluster.archive.folder
    if not (folder / "wal").is_dir():
        raise BackupFailed(f"{folder} is not there; restart the private cluster (madoguchi db down, madoguchi db up)")
    with _alone(folder):
        first = cluster.log_place()
        unfinished = folder / "base.unfinished"
        unfinished.unlink(missing_ok=True)  # of one that was killed
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as into:
                encrypt(cluster.copy(), into, cluster.archive.secret())
                into.flush()
                os.fsync(into.fileno())
        except BaseException:
            unfinished.unlink()
            raise
        path = folder / base_name(now(), first)
        unfinished.rename(path)
        cluster.archive.keep(settings().wal_archive_bases)
        cluster.archive.close_gap()
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with os.fdopen(os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupFailed("a base is being written already") from error
        yield


def restore_until(until: datetime | None, chosen: Path | None) -> Restored:
    """Make an installation without cities what it was at a moment, or at the end of the archive.

    `chosen`: a base; without it the newest from before that moment. Jobs are held and every visit has ended before anybody is let in.
    Raises BackupBroken, BackupFailed and ClusterError.
    """
    cluster = _cluster()
    base = Base.of(chosen) if chosen else _newest(cluster, until)
    if until is not None and until < base.at:
        raise BackupFailed(f"this base is of {base.at:%Y-%m-%d %H:%M:%S} UTC, after that moment; use an older one")
    if cluster.status().made:
        cluster.up()
        with owner_engine().connect() as connection:
            if cities_in(connection):
                raise BackupFailed("this installation has cities already; a base is restored into an empty one")
        owner_engine().dispose()
    with base.path.open("rb") as sealed:
        copy = decrypt(sealed, cluster.archive.secret())
        try:
            last, broken = cluster.recover(base, copy, until, _BEFORE_ANYBODY_ENTERS)
        except BackupBroken as error:
            raise BackupBroken(f"{error}; is the folder of keys the one of this base?") from error
    upgrade_all()
    return Restored(base, last or base.at, None if until else broken)


def _newest(cluster: Cluster, until: datetime | None) -> Base:
    bases = [base for base in cluster.archive.every_base() if until is None or base.at <= until]
    if not bases:
        raise BackupFailed(
            "the archive has no base from before that moment; MADOGUCHI_WAL_ARCHIVE_PATH says where it is"
        )
    return bases[-1]


def _cluster() -> Cluster:
    if settings().database_url:
        raise BackupFailed(
            "bases are of the private cluster; a server of its own is copied by its administrators' means"
        )
    return private_cluster()
