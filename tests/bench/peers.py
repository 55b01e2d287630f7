"""tipg, which serves tables of PostGIS as OGC Tiles: the same table of the same database, with no cap on features, by two processes."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import make_url

from common.status import OPEN_STATUSES
from tests.bench.client import Ask
from tests.bench.ground import CITY, LOOPBACK
from tests.bench.server import wait_until_up

_ALL = 100_000_000


@contextmanager
def tipg(python: Path, port: int, log: Path) -> Iterator[None]:
    """tipg on that port, until the block ends. `python`: an interpreter that has tipg and granian. Raises SystemExit if it does not start."""
    from portal.core.database import schema_of, urls

    url = make_url(urls()[1])
    host = url.query.get("host", url.host or LOOPBACK)
    secret = f":{quote(url.password)}" if url.password else ""
    address = f"postgresql://{quote(url.username or '')}{secret}@{quote(str(host), safe='')}/{url.database}"
    settings = {
        "DATABASE_URL": address,
        "TIPG_DB_SCHEMAS": f'["{schema_of(CITY)}"]',
        "TIPG_DB_TABLES": f'["{schema_of(CITY)}.case_place"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(_ALL),
        "TIPG_MAX_FEATURES_PER_QUERY": str(_ALL),
        "PGPORT": str(url.query.get("port", url.port or 5432)),
    }
    command = [
        "granian",
        "--interface",
        "asgi",
        "--workers",
        "2",
        "--host",
        LOOPBACK,
        "--port",
        str(port),
        "tipg.main:app",
    ]
    with log.open("wb") as file:
        process = subprocess.Popen([str(python), "-m", *command], env=os.environ | settings, stdout=file, stderr=file)
    try:
        wait_until_up(process, port, "tipg did not start; its log says why", seconds=90)
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


def open_tile(tile: str) -> Ask:
    """The open cases of a tile `z/x/y` as tipg is asked for them, with the attributes that the portal's tiles have."""
    from portal.core.database import schema_of

    statuses = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
    query = urlencode(
        {
            "filter": f"status IN ({statuses})",
            "filter-lang": "cql2-text",
            "properties": "case_id,status,state,due_on,procedure_key",
        }
    )
    return Ask(f"/collections/{schema_of(CITY)}.case_place/tiles/WebMercatorQuad/{tile}?{query}")
