"""ogr2ogr, GDAL's program that most offices load their maps with: a file into a table of the same database, and that table into a file."""

import subprocess
from pathlib import Path

from sqlalchemy import make_url, text

from tests.bench.ground import LOOPBACK

_SCHEMA, _TABLE = "bench_ogr2ogr", "lots"


class Ogr2ogr:
    """The program, and a schema of its own for what it writes. Raises SystemExit when it fails."""

    def __init__(self, program: Path) -> None:
        from portal.core.database import owner_engine, urls

        url = make_url(urls()[1])
        parts = {
            "host": url.query.get("host", url.host or LOOPBACK),
            "port": url.query.get("port", url.port or 5432),
            "user": url.username,
            "password": url.password,
            "dbname": url.database,
        }
        self._program = program
        self._database = "PG:" + " ".join(f"{name}='{value}'" for name, value in parts.items() if value)
        with owner_engine().begin() as connection:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}"))

    def to_table(self, path: Path) -> None:
        """The first layer of a file as a table, with its index of space, in the longitudes and latitudes that layers of the portal have."""
        place = ["-nln", f"{_SCHEMA}.{_TABLE}", "-t_srs", "EPSG:4326", "-overwrite"]
        self._run("-f", "PostgreSQL", *place, self._database, str(path))

    def to_file(self, path: Path, driver: str) -> None:
        """The table that was written last, as a file by that driver."""
        self._run("-f", driver, str(path), self._database, f"{_SCHEMA}.{_TABLE}")

    def _run(self, *arguments: str) -> None:
        ended = subprocess.run([str(self._program), *arguments], capture_output=True, text=True, check=False)
        if ended.returncode:
            raise SystemExit(f"ogr2ogr: {ended.stderr.strip()}")
