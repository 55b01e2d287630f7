"""The operating-system account that the database server runs under. PostgreSQL refuses to run as root, so root hands
the server over to a system account that owns nothing else.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.core.cluster.errors import ClusterError

SYSTEM_USER = "madoguchi-db"
SYSTEM_HOME = Path("/var/lib/madoguchi")
SETPRIV = "/usr/bin/setpriv"
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
_PIECE = 1 << 20


@dataclass(frozen=True)
class Account:
    """Who runs the server, and how the present process runs a program as that account."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """True when the present process (root) acts for the system account."""
        return self.uid != os.geteuid()

    def run(self, command: list[str], *, stdin: str = "", timeout: float = 120) -> str:
        """Run a program as this account in a clean environment; return its output. Raises ClusterError with its error output.

        The program dies with this process, so that a killed `up` leaves no initdb behind that continues to write.
        """
        try:
            completed = subprocess.run(  # noqa: S603 - a list of our own words, no shell
                self._handed_over(command),
                input=stdin,
                cwd="/",  # the caller's folder may be closed to the account
                env=_ENVIRONMENT,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ClusterError(f"{Path(command[0]).name}: {error}") from error
        if completed.returncode != 0:
            output = (completed.stderr.strip() or completed.stdout.strip())[-1500:]
            raise ClusterError(f"{Path(command[0]).name} ended with {completed.returncode}: {output}")
        return completed.stdout

    def output_of(self, command: list[str]) -> Iterator[bytes]:
        """Yield what a program run as this account writes, piece by piece. Raises ClusterError at the end when it failed."""
        with tempfile.TemporaryFile() as errors:
            with subprocess.Popen(  # noqa: S603 - a list of our own words, no shell
                self._handed_over(command), stdout=subprocess.PIPE, stderr=errors, cwd="/", env=_ENVIRONMENT
            ) as run:
                assert run.stdout is not None  # noqa: S101 - a pipe was requested
                while piece := run.stdout.read(_PIECE):
                    yield piece
            _raise_failed(command, run.returncode, errors)

    def feed(self, command: list[str], pieces: Iterable[bytes]) -> None:
        """Run a program as this account with that input, piece by piece. Raises ClusterError when it fails."""
        with tempfile.TemporaryFile() as errors:
            with subprocess.Popen(  # noqa: S603 - a list of our own words, no shell
                self._handed_over(command), stdin=subprocess.PIPE, stderr=errors, cwd="/", env=_ENVIRONMENT
            ) as run:
                assert run.stdin is not None  # noqa: S101 - a pipe was requested
                try:
                    for piece in pieces:
                        run.stdin.write(piece)
                    run.stdin.close()
                except BrokenPipeError:  # its exit status says why
                    with suppress(BrokenPipeError):
                        run.stdin.close()
                except BaseException:
                    run.kill()
                    raise
            _raise_failed(command, run.returncode, errors)

    def _handed_over(self, command: list[str]) -> list[str]:
        hand_over = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"] if self.is_other else []
        return [SETPRIV, *hand_over, "--pdeathsig=KILL", "--", *command]

    def own(self, folder: Path) -> None:
        """Make a folder that only this account (and root) may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def own_file(self, file: Path) -> None:
        """Give a file that this process wrote to the account, closed to others."""
        if self.is_other:
            os.chown(file, self.uid, self.gid)
        file.chmod(0o600)


def server_account() -> Account:
    """The present user, or for root the system account, which is made when missing."""
    if os.geteuid() != 0:
        return _named(current_user())
    try:
        return _named(SYSTEM_USER)
    except ClusterError:
        _make_system_user()
        return _named(SYSTEM_USER)


def current_user() -> str:
    """Name of the user of this process. Raises ClusterError for a bare number, which PostgreSQL cannot authenticate."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise ClusterError(
            f"User id {os.geteuid()} has no name on this machine, which PostgreSQL needs. "
            "Fix: add the user to /etc/passwd, or set DATABASE_URL to a database server"
        ) from error


def _named(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise ClusterError(f"There is no user {name} on this machine") from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _raise_failed(command: list[str], status: int, errors: IO[bytes]) -> None:
    if status:
        errors.seek(0)
        output = errors.read().decode(errors="replace").strip()[-1500:]
        raise ClusterError(f"{Path(command[0]).name} ended with {status}: {output}")


def _make_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        raise ClusterError("useradd is missing. Fix: apt-get install passwd")
    home = ["--no-create-home", "--home-dir", str(SYSTEM_HOME)]
    completed = subprocess.run(  # noqa: S603 - fixed words
        [useradd, "--system", "--user-group", *home, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode not in (0, 9):  # 9: another process made it in the meantime
        raise ClusterError(f"useradd {SYSTEM_USER}: {completed.stderr.strip()}")
