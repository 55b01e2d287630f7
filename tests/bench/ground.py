"""The installation that is measured: its own folder, its own cluster, as safe against power failure as one in production."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CITY = "tachikawa"
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def point_settings_at(instance: Path, port: int) -> None:
    """Before anything of the portal is imported: the environment of the measured processes."""
    for name in [name for name in os.environ if name.startswith(("MADOGUCHI_", "DATABASE_"))]:
        del os.environ[name]
    os.environ["MADOGUCHI_INSTANCE_PATH"] = str(instance)
    os.environ["MADOGUCHI_BASE_HOST"] = f"localhost:{port}"


@contextmanager
def installation(port: int, keep_in: Path | None, cities: Sequence[str] = (CITY,)) -> Iterator[Path]:
    """A cluster with migrated demo cities and no cases; gone afterwards, unless `keep_in` names a folder to keep it in."""
    instance = keep_in or Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    instance.mkdir(parents=True, exist_ok=True)
    instance.chmod(0o755)  # the database server's own account passes through
    point_settings_at(instance, port)
    from portal import demo
    from portal.core.cluster import Cluster
    from portal.core.migrate import upgrade_all

    cluster = Cluster(instance)
    try:
        cluster.up()
        upgrade_all()
        demo.load(lambda _line: None, cities=cities, samples=False)
        yield instance
    finally:
        if keep_in is None:
            cluster.destroy()
            shutil.rmtree(instance, ignore_errors=True)
