"""The steps of making a data folder from a base and the write-ahead log after it (PostgreSQL's point-in-time recovery)."""

import shlex
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from portal.core.cluster import process
from portal.core.cluster.account import Account
from portal.core.cluster.archive import Break
from portal.core.cluster.errors import ClusterError
from portal.core.cluster.layout import Layout

LAST_REPLAYED = (
    "SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00')"
)
_TOO_EARLY_AN_END = "recovery ended before configured recovery target was reached"
_LOG_TAIL = 4000


def unpack(layout: Layout, account: Account, copy: Iterable[bytes]) -> None:
    """Write the data folder, in place of any other, and make room for the log. Raises ClusterError."""
    for folder in (layout.data, layout.replay):
        shutil.rmtree(folder, ignore_errors=True)
        account.own(folder)
    account.feed(["/usr/bin/env", "tar", "-xzf", "-", "-C", str(layout.data)], copy)


def configure(layout: Layout, account: Account, until: datetime | None) -> None:
    """Configure the server to replay what is in `layout.replay`, up to a moment or to its end, and then to begin a history of its own."""
    folder = shlex.quote(str(layout.replay)).replace("%", "%%")
    fetch = f'test -f {folder}/"%f".gz && gunzip -c {folder}/"%f".gz >"%p"'.replace("'", "''")
    lines = [f"restore_command = '{fetch}'", "recovery_target_action = 'promote'"]
    if until is not None:
        lines.append(f"recovery_target_time = '{until.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f+00}'")
    for name, text in (("postgresql.auto.conf", "\n".join(lines) + "\n"), ("recovery.signal", "")):
        path = layout.data / name
        path.write_text(text, encoding="utf-8")
        account.own_file(path)


def wait_until_done(layout: Layout, in_recovery: Callable[[], str]) -> None:
    """Wait, as long as the server lives, until it has replayed all and accepts writes. Raises ClusterError when it ended."""
    while process.running_pid(layout.data) is not None:
        try:
            if in_recovery() == "f":
                return
        except ClusterError:
            pass  # not far enough yet to answer
        time.sleep(0.1)
    raise ClusterError("The database server ended while it replayed the log")


def finish(layout: Layout) -> None:
    """Empty the recovery settings; the file belongs to the server's account and stays."""
    (layout.data / "postgresql.auto.conf").write_text("", encoding="utf-8")


def explained(layout: Layout, error: ClusterError, broken: Break | None) -> ClusterError:
    """The error with what the server's own log says about it; `broken` is where the log could not be followed further."""
    logs = sorted(layout.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    output = logs[-1].read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:] if logs else ""
    if _TOO_EARLY_AN_END in output:
        because = f", for {broken}" if broken else ""
        return ClusterError(
            f"The archive ends before that moment{because}. Fix: name an earlier one, or restore with --until latest"
        )
    fatal = [line for line in output.splitlines() if "FATAL" in line or "PANIC" in line]
    return ClusterError(f"{error}\n" + "\n".join(fatal[-3:]))
