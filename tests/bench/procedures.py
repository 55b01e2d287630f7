"""A thousand published procedures in three cities: how long the processes take to start, what their first pages and the next ones cost, and their memory.

Beside each stands the same with the procedures that the demo has. Started processes ask for nothing before they are asked.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import text

from tests.bench.client import Ask, Timing, WrongAnswer
from tests.bench.ground import LOOPBACK
from tests.bench.server import web
from tests.bench.visitors import staff_visit

CITIES = ("tachikawa", "mitaka", "hino")
PUBLISHED = 1_000
HEAD = f"{'procedures':<44}{'demo':>9}{PUBLISHED:>9,}{'ratio':>8}"
_ASKED = 40
_PAGES = {
    "home": "/",
    "all procedures": "/procedures",
    "those of a window": "/life/moving",
    "a search": "/procedures?q=引っ越し",
    "the desk": "/desk",
}
_FILL = """
    WITH model AS (
        SELECT procedure.*, row_number() OVER (ORDER BY procedure.sort, procedure.id) - 1 AS place, count(*) OVER () AS models
        FROM procedure JOIN procedure_version AS version ON version.id = current_version_id
    ), added AS (
        INSERT INTO procedure (key, department_id, sort)
        SELECT model.key || '-' || n, department_id, 1000 + n
        FROM generate_series(1, CAST(:wanted AS int)) AS n JOIN model ON place = n % models
        WHERE n > models
        RETURNING id, key
    )
    INSERT INTO procedure_version (procedure_id, number, status, source, language, document_language, document, digest, edited_at, published_at)
    SELECT added.id, 1, 'published', '', version.language, version.document_language,
        replace(version.document::text, format('"procedure": "%s"', model.key), format('"procedure": "%s"', added.key))::json,
        sha256(added.key::bytea), now(), now()
    FROM added JOIN model ON added.key LIKE model.key || '-%'
        AND NOT substr(added.key, length(model.key) + 2) ~ '\\D'
        JOIN procedure_version AS version ON version.id = model.current_version_id
"""
_CURRENT = """
    UPDATE procedure SET current_version_id = version.id FROM procedure_version AS version
    WHERE procedure.current_version_id IS NULL AND version.procedure_id = procedure.id
"""


@dataclass(frozen=True)
class _Run:
    """What one start of the processes showed, by what it is called, in milliseconds and megabytes."""

    published: int
    figures: dict[str, float]


def lines(port: int, instance: Path) -> Iterator[str]:
    """A line for each figure."""
    staff = staff_visit()
    before = _run(port, instance, staff)
    _fill()
    after = _run(port, instance, staff)
    yield f"{'published in three cities':<44}{before.published:>9}{after.published:>9}"
    for name, figure in before.figures.items():
        yield f"{name:<44}{figure:>9.1f}{after.figures[name]:>9.1f}{after.figures[name] / figure:>8.2f}"


def _run(port: int, instance: Path, staff: str) -> _Run:
    figures: dict[str, float] = {}
    begun = time.perf_counter()
    with web(port, instance / "web.log") as server:
        figures["start until it answers, ms"] = (time.perf_counter() - begun) * 1000
        for city in CITIES:
            figures[f"first home, {city}, ms"] = _ask(port, city, "/", "", 1).quantile(0.5)
        for name, path in _PAGES.items():
            token = staff if path.startswith("/desk") else ""
            figures[f"{name}, first, ms"] = _ask(port, CITIES[0], path, token, 1).quantile(0.5)
            figures[f"{name}, p50, ms"] = _ask(port, CITIES[0], path, token, _ASKED).quantile(0.5)
        for city in CITIES:  # whatever is kept of one city makes room for another
            _ask(port, city, "/procedures", "", 2)
        workers = _children(server)
        figures["memory of a worker, MB"] = max(_megabytes(worker, "Rss") for worker in workers)
        figures["its own share of that, MB"] = max(_megabytes(worker, "Pss") for worker in workers)
    return _Run(_published(), figures)


def _ask(port: int, city: str, path: str, token: str, times: int) -> Timing:
    """Ask over one kept connection, so by one process."""
    ask = Ask(path.replace("引っ越し", "%E5%BC%95%E3%81%A3%E8%B6%8A%E3%81%97"), token)
    connection = HTTPConnection(LOOPBACK, port, timeout=120)
    timing = Timing()
    for _ in range(times):
        begun = time.perf_counter()
        connection.request("GET", ask.path, headers=ask.headers | {"Host": f"{city}.localhost:{port}"})
        answer = connection.getresponse()
        answer.read()
        timing.waits.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise WrongAnswer(f"GET {path}: {answer.status}")
    connection.close()
    return timing


def _fill() -> None:
    """Publish what the cities have over and over under other keys, until there are enough."""
    from portal.core.database import city_session

    for number, city in enumerate(CITIES):
        with city_session(city) as session:
            session.execute(text(_FILL), {"wanted": PUBLISHED // len(CITIES) + (number < PUBLISHED % len(CITIES))})
            session.execute(text(_CURRENT))


def _published() -> int:
    from portal.core.database import city_session

    count = text("SELECT count(current_version_id) FROM procedure")
    total = 0
    for city in CITIES:
        with city_session(city) as session:
            total += session.execute(count).scalar_one()
    return total


def _children(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    return [int(child) for child in children]


def _megabytes(process: int, kind: str) -> float:
    rolled = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    match = re.search(rf"^{kind}:\s+(\d+) kB", rolled, re.MULTILINE)
    assert match is not None
    return int(match[1]) / 1024
