"""What was measured, as lines of a table, and the machine it was measured on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import Timing


@dataclass(frozen=True)
class Measured:
    """One page: asked for by one alone and by several at once, over HTTP and as bare statements."""

    name: str
    statements: float
    alone: Timing
    several: Timing
    bare_alone: Timing
    bare_several: Timing


HEAD = f"{'page':<48}{'SQL':>5} |{'p50':>8}{'p99':>8}{'bare':>8}{'ratio':>7} |{'req/s':>8}{'p50':>8}{'p99':>8}{'bare/s':>9}{'ratio':>7}"


def explanation(askers: int) -> str:
    """The legend of the columns."""
    return (
        f"SQL: statements a request. Left: one asker, waits in ms. Right: {askers} askers at once. bare: the same "
        "statements by pgbench\n(prepared, same number of clients; p50 in ms, transactions a second). "
        "ratio: page / bare waits, and pages / bare transactions a second."
    )


def line(page: Measured) -> str:
    """A page's line of the table."""
    alone, several = page.alone, page.several
    bare, rate = page.bare_alone.quantile(0.5), page.bare_several.rate
    return (
        f"{page.name:<48}{page.statements:>5.3g} |"
        f"{alone.quantile(0.5):>8.1f}{alone.quantile(0.99):>8.1f}{bare:>8.2f}{alone.quantile(0.5) / bare:>7.1f} |"
        f"{several.rate:>8.0f}{several.quantile(0.5):>8.1f}{several.quantile(0.99):>8.1f}{rate:>9.0f}{several.rate / rate:>7.2f}"
    )


def machine() -> str:
    """The machine in a line, with how busy it was before anything began."""
    from sqlalchemy import text

    from portal.core.database import owner_engine

    with owner_engine().connect() as connection:
        server = connection.scalar(text("SELECT version()")).split(" (")[0]
        safe = connection.scalar(text("SHOW fsync"))
    names = [row.partition(":")[2].strip() for row in _read("/proc/cpuinfo") if row.startswith("model name")]
    memory = next((int(row.split()[1]) // 1024**2 for row in _read("/proc/meminfo") if row.startswith("MemTotal")), 0)
    return (
        f"{os.cpu_count()} cores {names[0] if names else platform.machine()}, {memory} GiB; "
        f"load {os.getloadavg()[0]:.1f} at the start; {server}, fsync {safe}; Python {platform.python_version()}; "
        "gunicorn, database, pgbench and the client share the machine"
    )


def _read(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
