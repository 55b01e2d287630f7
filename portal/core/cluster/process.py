"""Is the server of a data folder running? `pg_ctl status` believes any living process with the number in
`postmaster.pid`, which after a reboot may be anybody's; here it must also be a postgres of this very folder.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from portal.core.cluster.account import Account
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.layout import SOCKET_NAME, Layout

_STATUS_LINE = 7  # of postmaster.pid: "starting", "ready", "stopping"


def running_pid(data: Path, proc: Path = Path("/proc")) -> int | None:
    """Number of the server process of this data folder, or None."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        command = (proc / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    is_server = command[0].rpartition(b"/")[2] in (b"postgres", b"postmaster")
    return pid if is_server and os.fsencode(data) in command[1:] else None


def wait_until_ready(data: Path, seconds: float = 60) -> None:
    """Wait for a server that is still starting or repairing itself. Raises ClusterError when it does not get ready."""
    deadline = time.monotonic() + seconds
    while running_pid(data) is not None:
        if _status(data) == "ready":
            return
        if time.monotonic() > deadline:
            raise ClusterError(f"The database server did not get ready within {seconds:.0f} s")
        time.sleep(0.02)
    raise ClusterError("The database server ended while it was starting")


def clear_remains(layout: Layout, account: Account, patience: float = 5) -> None:
    """Remove the locks of a server that was killed, once none of its processes works in the data folder any more.

    Orphans of a killed server exit within moments, or are ended after `patience` seconds; deleting the
    lock while they live would let two servers write the same files.
    """
    start = time.monotonic()
    while orphans := _server_processes_in(layout.data, account):
        waited = time.monotonic() - start
        if waited > 2 * patience:
            raise ClusterError(f"Processes {orphans} of a killed database server do not end. Fix: end them by hand")
        if waited > patience:
            for pid in orphans:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    for remains in (
        layout.data / "postmaster.pid",
        layout.socket / SOCKET_NAME,
        layout.socket / f"{SOCKET_NAME}.lock",
    ):
        remains.unlink(missing_ok=True)


def _status(data: Path) -> str:
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""


def _server_processes_in(data: Path, account: Account) -> list[int]:
    """Living postgres processes whose working folder is `data`."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ClusterError):
            is_postgres = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip() == "postgres"
            if is_postgres and _working_folder(folder, account) == str(data):
                pids.append(int(folder.name))
    return pids


def _working_folder(process: Path, account: Account) -> str:
    """Read as the account where needed: in a container even root may not look into another user's process."""
    try:
        return str((process / "cwd").readlink())
    except PermissionError:
        return account.run(["readlink", str(process / "cwd")]).strip()
