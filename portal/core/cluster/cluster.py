"""The private cluster as a whole: start it from any state, stop it, report its status."""

import fcntl
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from portal.core.cluster import files, process, recovery
from portal.core.cluster.account import current_user, server_account
from portal.core.cluster.archive import Archive, Base, Break
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.layout import PORT, SOCKET_NAME, layout_of, make_folders
from portal.core.cluster.programs import Programs, choose

DATABASE = "madoguchi"
ROLES_SCRIPT = Path(__file__).with_name("roles.sql")

# A killed `up` may have left a statement of the script running on the server.
_END_FORMER = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE usename = current_user AND pid <> pg_backend_pid() AND application_name = 'psql'"
)


class Urls(NamedTuple):
    """SQLAlchemy URLs of the two logins."""

    app_url: str
    owner_url: str


@dataclass(frozen=True)
class Status:
    """The state of the cluster."""

    made: bool
    pid: int | None
    version: int | None
    data: Path
    socket: Path

    @property
    def running(self) -> bool:
        """True when the server process lives."""
        return self.pid is not None


class Cluster:
    """The private cluster of an instance folder.

    `up()` may be called at any time, by several processes at once, after kill -9 of any of them and after a reboot.
    """

    def __init__(self, instance_path: Path, *, durable: bool = True, archive: Path | None = None) -> None:
        """durable: False gives up the archive, and safety against power failure, for speed, as tests want. archive: its folder."""
        self.instance = instance_path.resolve()
        self._durable = durable
        self._account = server_account()
        self._layout = layout_of(self.instance, self._account, archive and archive.resolve())
        self.archive = Archive(self._layout, self._account, self.instance / "keys" / "archive.pem")

    @property
    def urls(self) -> Urls:
        """Addresses of the two logins, over the Unix socket."""
        place = f"/{DATABASE}?host={quote(str(self._layout.socket), safe='/')}&port={PORT}"
        return Urls(f"postgresql+psycopg://portal_app@{place}", f"postgresql+psycopg://portal_owner@{place}")

    @property
    def folder(self) -> Path:
        """Everything the cluster keeps on disk."""
        return self._layout.home

    def up(self) -> Urls:
        """Make the cluster when there is none, start it when it does not run. Raises ClusterError."""
        make_folders(self._layout, self._account)
        with self._lock():
            programs = choose(self._layout.data_version())
            if not self._layout.initdb_done.exists():
                self._make(programs)
            if process.running_pid(self._layout.data) and not (self._layout.socket / SOCKET_NAME).exists():
                self._stop(programs)  # the folder of temporary files was swept
            if process.running_pid(self._layout.data) is None:
                self._start(programs)
            process.wait_until_ready(self._layout.data)
            self._prepare(programs)
        return self.urls

    def down(self) -> None:
        """Stop the server, if it runs; open transactions are rolled back. Raises ClusterError."""
        if not self._layout.home.exists():
            return
        with self._lock():
            if process.running_pid(self._layout.data) is not None:
                self._stop(choose(self._layout.data_version()))

    def destroy(self) -> None:
        """Stop the server and delete everything it kept, its archive too unless that is elsewhere."""
        self.down()
        shutil.rmtree(layout_of(self.instance, self._account).archive, ignore_errors=True)
        shutil.rmtree(self._layout.home, ignore_errors=True)
        shutil.rmtree(self._layout.socket, ignore_errors=True)

    def status(self) -> Status:
        """Return its state, without changing anything."""
        return Status(
            made=self._layout.initdb_done.exists(),
            pid=process.running_pid(self._layout.data),
            version=self._layout.data_version(),
            data=self._layout.data,
            socket=self._layout.socket,
        )

    def program(self, name: str) -> str:
        """Full path of a program of the cluster's own version, such as `pg_dump`."""
        return choose(self._layout.data_version()).path(name)

    def psql(self, *options: str) -> list[str]:
        """The command that opens psql as the owner of the tables; `options` are psql's."""
        programs = choose(self._layout.data_version())
        address = ["-h", str(self._layout.socket), "-p", str(PORT), "-U", "portal_owner", "-d", DATABASE]
        return [programs.path("psql"), *address, *options]

    def log_place(self) -> str:
        """Name of the segment of the write-ahead log that is written now."""
        query = "SELECT pg_walfile_name(pg_current_wal_lsn())"
        return self._administer(choose(self._layout.data_version()), "-d", DATABASE, "-c", query)

    def copy(self) -> Iterator[bytes]:
        """The data folder with the log that makes it whole, as a compressed tar. Raises ClusterError, at the end too."""
        program = choose(self._layout.data_version()).path("pg_basebackup")
        address = ["-h", str(self._layout.socket), "-p", str(PORT), "-U", files.SUPERUSER, "-w"]
        kind = ["-D", "-", "-F", "tar", "-X", "fetch", "-c", "fast", "-Z", "1"]
        return self._account.output_of([program, *address, *kind])

    def recover(
        self, base: Base, copy: Iterable[bytes], until: datetime | None, then: str
    ) -> tuple[datetime | None, Break | None]:
        """Put a copy of the data folder in place of the present one and replay the log after it, up to `until` or to its end.

        `then` is carried out by the superuser before anybody else is let in. When the last transaction that was replayed ended, None
        when there was none; and where the log broke off before its end. Raises ClusterError; the cluster is then an empty one.
        """
        make_folders(self._layout, self._account)
        with self._lock():
            if process.running_pid(self._layout.data) is not None:
                self._stop(choose(self._layout.data_version()))
            for mark in (self._layout.initdb_done, self._layout.prepared):
                mark.unlink(missing_ok=True)
            process.clear_remains(self._layout, self._account)
            self.archive.begin()
            try:
                recovery.unpack(self._layout, self._account, copy)
                broken = self.archive.open_segments(base, self._layout.replay)
                programs = choose(int((self._layout.data / "PG_VERSION").read_text(encoding="ascii")))
                recovery.configure(self._layout, self._account, until)
                last = self._replay(programs, then, broken)
            finally:
                shutil.rmtree(self._layout.replay, ignore_errors=True)
            self._stop(programs)
            recovery.finish(self._layout)
            self._layout.initdb_done.write_text("", encoding="utf-8")
        self.up()
        return last, broken

    def _replay(self, programs: Programs, then: str, broken: Break | None) -> datetime | None:
        try:
            self._start(programs, closed=True)
            recovery.wait_until_done(
                self._layout, lambda: self._administer(programs, "-d", DATABASE, "-c", "SELECT pg_is_in_recovery()")
            )
            last = self._administer(programs, "-d", DATABASE, "-c", recovery.LAST_REPLAYED)
            self._administer(programs, "-d", DATABASE, "-f", "-", stdin=then)
        except BaseException as error:
            if process.running_pid(self._layout.data) is not None:
                self._stop(programs)
            if isinstance(error, ClusterError):
                raise recovery.explained(self._layout, error, broken) from error
            raise
        return datetime.fromisoformat(last) if last else None

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One at a time. Programs started meanwhile do not inherit the open file, so a server never holds the lock."""
        with self._layout.lock.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self, programs: Programs) -> None:
        process.clear_remains(self._layout, self._account)
        shutil.rmtree(self._layout.data, ignore_errors=True)
        self._layout.prepared.unlink(missing_ok=True)
        self.archive.begin()
        kind = ["-U", files.SUPERUSER, "-A", "peer", "--data-checksums", "-E", "UTF8", "--locale=C.UTF-8"]
        self._account.run([programs.path("initdb"), "-D", str(self._layout.data), *kind])
        self._layout.initdb_done.write_text("", encoding="utf-8")

    def _start(self, programs: Programs, *, closed: bool = False) -> None:
        """closed: only the server's own account may connect."""
        process.clear_remains(self._layout, self._account)
        contents = files.configuration(
            self._layout,
            self._account,
            current_user(),
            durable=self._durable,
            archive_command=self._archive_command() if self._durable else "",
        )
        if closed:
            contents["pg_hba.conf"] = files.CLOSED
        files.write(self._layout, self._account, contents)
        log = self._layout.log / "start.log"
        try:
            self._account.run(
                [programs.path("pg_ctl"), "-D", str(self._layout.data), "-w", "-t", "60", "-l", str(log), "start"]
            )
        except ClusterError as error:
            if process.running_pid(self._layout.data) is not None:
                return  # a server that a killed `up` had set going won the race
            output = log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""
            raise ClusterError(f"The database server did not start: {error}\n{output}") from error

    def _archive_command(self) -> str:
        """An archive that cannot be created does not prevent the start: the command then fails, and `madoguchi doctor` reports it."""
        with suppress(ClusterError, OSError):
            return self.archive.prepare()
        return self.archive.command()

    def _stop(self, programs: Programs) -> None:
        self._account.run([programs.path("pg_ctl"), "-D", str(self._layout.data), "-w", "-m", "fast", "stop"])

    def _prepare(self, programs: Programs) -> None:
        """Roles, database and extensions, once for each wording of the script."""
        script = ROLES_SCRIPT.read_text(encoding="utf-8")
        digest = hashlib.sha256(script.encode()).hexdigest()
        if self._layout.prepared.exists() and self._layout.prepared.read_text(encoding="ascii") == digest:
            return
        self._administer(programs, "-d", "postgres", "-c", _END_FORMER, "-f", "-", stdin=script)
        self._layout.prepared.write_text(digest, encoding="ascii")

    def _administer(self, programs: Programs, *options: str, stdin: str = "", timeout: float = 120) -> str:
        """Run psql as the superuser; return its output."""
        psql = [programs.path("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self._layout.socket)]
        command = [*psql, "-p", str(PORT), "-U", files.SUPERUSER, *options]
        return self._account.run(command, stdin=stdin, timeout=timeout).strip()
