"""Tiles of cases from z11 to z18: what each filter costs, what a tile weighs, what a 304 saves, and how many a second beside bare SQL and tipg."""

import itertools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.client import Ask, Load, Timing, WrongAnswer, ask_all
from tests.bench.desk import EVERY_STATUS
from tests.bench.ground import CITY, LOOPBACK, free_port
from tests.bench.page import Page
from tests.bench.pages import tiles_where_cases_are
from tests.bench.peers import open_tile, tipg
from tests.bench.report import Measured

_ASKED = 40
_DENSE = range(16, 19)

HEAD = f"{'one asker, ms':<40}{'p50':>8}{'p99':>8}{'kB, most':>10}{'304 p50':>9}{'tile/304':>9}"
BESIDE = f"{'four askers, a second':<40}{'tiles':>8}{'bare':>8}{'ratio':>7}{'tipg':>8}{'ratio':>7}"


@dataclass(frozen=True)
class _Answer:
    ms: float
    size: int
    tag: str


def lines(port: int, staff: str) -> Iterator[str]:
    """A line for each zoom and filter, asked by one over a kept connection."""
    today = date.today()  # noqa: DTZ011 - any day
    filters = {
        "every case": EVERY_STATUS,
        "open cases": "",
        "one procedure, every case": f"procedure=road-occupancy&{EVERY_STATUS}",
        "of ten days a year ago": f"{EVERY_STATUS}&from={today - timedelta(days=370)}&to={today - timedelta(days=360)}",
    }
    for (name, query), zoom in itertools.product(filters.items(), range(11, 19)):
        paths = [f"/desk/map/cases/{tile}.mvt?{query}" for tile in tiles_where_cases_are(zoom, _ASKED)]
        with closing(HTTPConnection(LOOPBACK, port, timeout=60)) as connection:  # to one process, which is warm then
            ask = partial(_ask, connection, port, staff)
            ask([(path, "") for path in paths])  # statements are built and prepared, pages are in memory
            made = ask([(path, "") for path in paths])
            kept = ask([(path, answer.tag) for path, answer in zip(paths, made, strict=True) if answer.size])
        waits, again = (Timing([answer.ms for answer in answers]) for answers in (made, kept))
        middle, spared = waits.quantile(0.5), again.quantile(0.5)
        size = max(answer.size for answer in made) / 1000
        yield (
            f"{f'Tiles z{zoom}, {name}':<40}{middle:>8.1f}{waits.quantile(0.99):>8.1f}{size:>10.1f}"
            f"{spared:>9.1f}{middle / spared:>9.1f}"
        )


def beside(
    port: int, staff: str, measure: Callable[[Page], Measured], several: Load, python: Path | None
) -> Iterator[str]:
    """Open cases at z16 to z18 asked by four: the portal, its statements bare, and tipg where `python` has it."""
    tiles = [tile for zoom in _DENSE for tile in tiles_where_cases_are(zoom, 20)]
    page = Page(
        "Tiles z16-18, open cases",
        lambda n: Ask(f"/desk/map/cases/{tiles[n % len(tiles)]}.mvt", staff),
        samples=len(tiles),
    )
    measured = measure(page)
    rate, bare = measured.several.rate, measured.bare_several.rate
    line = f"{page.name:<40}{rate:>8.0f}{bare:>8.0f}{rate / bare:>7.2f}"
    if python is None:
        yield line + "   tipg: --tipg PYTHON"
        return
    log = Path(os.environ["MADOGUCHI_INSTANCE_PATH"]) / "tipg.log"
    other = free_port()
    with tipg(python, other, log):
        ask_all(
            other, lambda n: open_tile(tiles[n % len(tiles)]), itertools.count(), Load(4, several.seconds, len(tiles))
        )
        peer = ask_all(other, lambda n: open_tile(tiles[n % len(tiles)]), itertools.count(), several)
    again = ask_all(port, page.make, itertools.count(), several)  # the portal before and after its peer
    yield f"{line}{peer.rate:>8.0f}{(rate + again.rate) / 2 / peer.rate:>7.1f}"


def _ask(connection: HTTPConnection, port: int, staff: str, requests: Sequence[tuple[str, str]]) -> list[_Answer]:
    """Ask one after the other; with a tag, the answer must be that nothing has changed."""
    answers = []
    for path, tag in requests:
        headers = {"Host": f"{CITY}.localhost:{port}", **Ask(path, staff).headers} | (
            {"If-None-Match": tag} if tag else {}
        )
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        ms = (time.perf_counter() - begun) * 1000
        if answer.status not in ((304,) if tag else (200, 204)):
            raise WrongAnswer(f"GET {path}: {answer.status}")
        answers.append(_Answer(ms, len(body), answer.headers["ETag"] or ""))
    return answers
