"""Where the cluster of an installation keeps its files."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from portal.core.cluster.account import SYSTEM_HOME, Account
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.sockets import mark_of, socket_folder

PORT = 5432  # names the socket file only; nothing listens on the network
SOCKET_NAME = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class Layout:
    """Folders of one cluster."""

    home: Path
    socket: Path
    archive: Path
    """Segments of the write-ahead log and bases; best on another disk than `home`."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """One log file a weekday, and `start.log` with what the server logs before it opens them."""
        return self.home / "log"

    @property
    def initdb_done(self) -> Path:
        """Written last when the data folder was made; a folder without it is incomplete and has no data."""
        return self.home / "initdb-done"

    @property
    def prepared(self) -> Path:
        """Digest of the role script that was last carried out."""
        return self.home / "prepared"

    @property
    def archive_name(self) -> Path:
        """Holds the name of the folder in the archive to which this cluster adds."""
        return self.home / "archive-name"

    @property
    def archive_script(self) -> Path:
        """The archive_command's program, where the server's account can read it."""
        return self.home / "archive.sh"

    @property
    def archive_certificate(self) -> Path:
        """Segments are encrypted to it; it decrypts nothing."""
        return self.home / "archive.pem"

    @property
    def archive_gap(self) -> Path:
        """Names of segments that were given up since the last base."""
        return self.home / "archive-gap"

    @property
    def replay(self) -> Path:
        """Segments that are being replayed while a base is restored."""
        return self.home / "replay"

    @property
    def lock(self) -> Path:
        """Held while a process makes, starts or stops the cluster."""
        return self.home / "lock"

    def data_version(self) -> int | None:
        """PostgreSQL's major version of a data folder that was made to the end."""
        if not self.initdb_done.exists():
            return None
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii").strip())
        except OSError as error:
            raise ClusterError(
                f"The database in {self.data} is gone or cannot be read. "
                f"Fix: put it back, or move {self.home} out of the way and restore (docs/operate/backup.md)"
            ) from error


def layout_of(instance: Path, account: Account, archive: Path | None = None) -> Layout:
    """The folders for an instance folder: inside it, or for root below /var/lib, as /root is closed to the account."""
    home = SYSTEM_HOME / f"cluster-{mark_of(instance)}" if account.is_other else instance / "database"
    beside = SYSTEM_HOME / f"archive-{mark_of(instance)}" if account.is_other else instance / "archive"
    return Layout(home, socket_folder(home / "socket", SOCKET_NAME, account.uid), archive or beside)


def make_folders(layout: Layout, account: Account) -> None:
    """Make the folders, closed to others. Raises ClusterError when one cannot be made or belongs to somebody else."""
    try:
        if account.is_other:
            SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        for folder in (layout.home, layout.log, layout.socket):
            _refuse_foreign(folder, account)
            account.own(folder)
    except OSError as error:
        raise ClusterError(
            f"The database cannot be kept in {layout.home}: {error.strerror or error}. "
            "Fix: run as the folder's owner, or choose another folder with MADOGUCHI_INSTANCE_PATH"
        ) from error


def _refuse_foreign(folder: Path, account: Account) -> None:
    """A folder below the common /tmp could have been put there by another user to listen in."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (account.uid, os.geteuid()):
        raise ClusterError(f"{folder} belongs to another user. Fix: remove it or choose another instance folder")
