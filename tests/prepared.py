"""Installations that tests begin with: made once for each state of the sources and each day, kept among the temporary files, and copied.

A copy is as one's own: another database server, another archive. What is tested of making these things is tested on new ones.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.core.cluster import Cluster
from tests.forks import Forks

ROOT = Path(__file__).parents[1]
SOURCES = ("common", "forms", "geo", "migrations", "portal", "writing", "tests/demo.py", "tests/prepared.py")
DATA = ("forms/catalogue", "migrations", "portal/demo", "tests/demo.py", "tests/prepared.py")
"""What decides what stands in them, while the programs that put it there stay as they are: enough between two changes of code. A run with
TEST_PREPARED=data looks at this alone; what it tells of the making of demo cities may be of an earlier state.
"""
KEPT = 3
"""States of the sources: those of the checkouts that are worked in at a time."""


@dataclass(frozen=True)
class Prepared:
    """What stands in an installation. `before` is what it is made from, `program` what is then carried out in it."""

    name: str
    before: "Prepared | None" = None
    program: str = ""


CLUSTER = Prepared("cluster")
"""A database server with its roles, and nothing in it."""
TOWNS = Prepared("towns", CLUSTER, "from tests.demo import load_towns; load_towns()")
"""三鷹市 and 日野市 of the demo, without cases."""
JOURNEYS = Prepared("journeys", TOWNS, "from tests.demo import load_journeys; load_journeys()")
"""The same and 立川市 with sample cases."""


def begin_with(prepared: Prepared, instance: Path, forks: Forks) -> None:
    """Put a copy into an instance folder that has no database yet; its cluster is not started."""
    _copy(_made(prepared, _kept(), forks), instance)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _kept() -> Path:
    """The folder for the present state of the sources; those of the oldest states are gone."""
    every = Path(tempfile.gettempdir()) / f"madoguchi-{os.getuid()}-prepared"
    every.mkdir(mode=0o755, exist_ok=True)
    kept = every / _state()
    with _alone(every / "lock"):
        kept.mkdir(mode=0o755, exist_ok=True)
        os.utime(kept)
        states = sorted((path for path in every.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
        for old in states[:-KEPT]:
            for instance in (path for path in old.iterdir() if path.is_dir()):
                Cluster(instance).destroy()
            shutil.rmtree(old)
    return kept


def _made(prepared: Prepared, kept: Path, forks: Forks) -> Path:
    """Its instance folder. Processes wait for each other only where they need the same."""
    instance = kept / prepared.name
    # Beside the data, as either folder may have been cleared away without the other.
    done = Cluster(instance).folder / "made"
    with _alone(kept / f"{prepared.name}.lock"):
        if not (instance.is_dir() and done.exists()):
            _make(prepared, instance, forks)
            done.touch()
    return instance


def _make(prepared: Prepared, instance: Path, forks: Forks) -> None:
    cluster = Cluster(instance, durable=False)
    cluster.destroy()  # of a run that was killed
    shutil.rmtree(instance, ignore_errors=True)
    instance.mkdir(mode=0o755)
    if prepared.before:
        _copy(_made(prepared.before, instance.parent, forks), instance)
    cluster.up()
    try:
        if prepared.program:
            status, output = forks.run(("-c", prepared.program), _environment(instance))
            assert status == 0, output
    finally:
        cluster.down()


def _copy(source: Path, target: Path) -> None:
    """The data folder and what the portal keeps outside it, such as keys; each cluster has its own socket, log and archive."""
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("database", "archive"))
    place = Cluster(target).folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    parts = [str(Cluster(source).folder / name) for name in ("data", "prepared", "initdb-done")]
    copied = subprocess.run(
        ["cp", "-a", "--reflink=auto", *parts, str(place)], capture_output=True, text=True, check=False
    )
    assert copied.returncode == 0, copied.stderr


def _environment(instance: Path) -> Mapping[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("MADOGUCHI_", "DATABASE_"))}
    return others | {
        "MADOGUCHI_ENVIRONMENT": "test",
        "MADOGUCHI_INSTANCE_PATH": str(instance),
        "MADOGUCHI_STRIPE_API_BASE": "",
        "MADOGUCHI_CLAMD_SOCKET": "",
    }


@cache
def _state() -> str:
    """A digest of all that the installations are made from; sample cases are dated back from today."""
    digest = hashlib.sha256(datetime.now(ZoneInfo("Asia/Tokyo")).date().isoformat().encode())
    for source in (ROOT / name for name in (DATA if os.environ.get("TEST_PREPARED") == "data" else SOURCES)):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
