"""`scripts/bench [--quick] [--cases N] [--only WORDS] [--keep FOLDER]`: set the ground, measure page after page, print a table."""

import argparse
import itertools
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from pathlib import Path

from tests.bench import (
    books,
    browser,
    bulk,
    engine,
    entries,
    layers,
    payments,
    places,
    procedures,
    report,
    search,
    serving,
    statements,
    tiles,
)
from tests.bench.bare import Script, run_bare, script_of
from tests.bench.client import Ask, Load, WrongAnswer, ask_all
from tests.bench.ground import CITY, LOOPBACK, free_port, installation
from tests.bench.page import Page
from tests.bench.pages import all_pages
from tests.bench.visitors import STAFF

ASKERS = 4


def main() -> None:
    """Measure, and print what was measured."""
    options = _options()
    if _without_cases(options):
        return
    begun = time.monotonic()
    port = free_port()
    with installation(port, options.keep) as instance:
        from tests.bench.seed import seed
        from tests.bench.server import web

        print(report.machine(), flush=True)
        seed(options.cases)
        print(f"{options.cases:,} cases after {time.monotonic() - begun:.0f} s\n", flush=True)
        seconds = 1.0 if options.quick else 3.0
        books.seed_books(options.postings)
        print(f"{options.postings:,} postings after {time.monotonic() - begun:.0f} s\n", flush=True)
        if options.only in "Layers":
            print("\n".join([layers.HEAD, *layers.lines(options.ogr2ogr)]) + "\n", flush=True)
        if options.only in "Places":
            print("\n".join([places.HEAD, *places.lines()]) + "\n", flush=True)
        statements.install()
        payments.seed_account()
        bench = Bench(port, Load(1, seconds, 250), Load(ASKERS, seconds * 1.3, 600))
        with web(port, instance / "web.log"):
            pages = [page for page in all_pages(2_400, bench.csrf) if options.only in page.name]
            print(report.explanation(ASKERS) + "\n\n" + report.HEAD, flush=True)
            for page in pages:
                print(report.line(bench.measure(page)), flush=True)
            for head, measured in _sections(options, port, bench):
                print(f"\n{head}", flush=True)
                for line in measured:
                    print(line, flush=True)
        _serve(options, port, instance, seconds)
    print(f"\n{time.monotonic() - begun:.0f} s in all")


def _sections(options: argparse.Namespace, port: int, bench: "Bench") -> Iterator[tuple[str, Iterable[str]]]:
    """What is measured beside pages, each with its head."""
    if options.only in "Tiles":
        yield tiles.HEAD, tiles.lines(port, STAFF)
        yield tiles.BESIDE, tiles.beside(port, STAFF, bench.measure, bench.several, options.tipg)
    if options.only in "Browser":
        yield browser.HEAD, browser.lines(port, browser.views("begun-0", "begun-0", STAFF))
    if options.only in "Payments":
        yield payments.HEAD, payments.lines()
    if options.only in "Bulk":
        yield bulk.HEAD, bulk.lines()
    if options.only in "Books: compared":
        yield books.HEAD, [books.comparison_line()]


def _serve(options: argparse.Namespace, port: int, instance: Path, seconds: float) -> None:
    """Measure the server under the portal; by its name alone, since it takes minutes."""
    if options.only == "Server":
        print(serving.HEAD, flush=True)
        for line in serving.lines(port, instance, seconds, options.granian):
            print(line, flush=True)


def _without_cases(options: argparse.Namespace) -> bool:
    """Measure what needs no city full of cases; whether that was all."""
    for name, part in {"engine": engine, "entries": entries, "search": search}.items():
        if options.only in name:
            print("\n".join([part.HEAD, *part.lines()]) + "\n", flush=True)
    if options.only == "procedures":  # by its name alone, since a process knows one installation
        port = free_port()
        with installation(port, options.keep, procedures.CITIES) as instance:
            print("\n".join([report.machine(), procedures.HEAD, *procedures.lines(port, instance)]) + "\n", flush=True)
    return options.only in ("engine", "entries", "search", "procedures")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the main pages beside bare SQL.")
    parser.add_argument("--quick", action="store_true", help="10,000 cases and short runs")
    parser.add_argument("--cases", type=int, help="how many cases there are (100,000)")
    parser.add_argument("--postings", type=int, help="how many postings the books have (1,000,000)")
    parser.add_argument("--only", default="", metavar="WORDS", help="pages whose name contains this")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="leave the installation in this new folder, running"
    )
    parser.add_argument(
        "--tipg", type=Path, metavar="PYTHON", help="an interpreter with tipg and granian, to measure tiles beside"
    )
    parser.add_argument(
        "--granian", type=Path, metavar="PYTHON", help="an interpreter with granian, to serve with beside"
    )
    parser.add_argument(
        "--ogr2ogr", type=Path, metavar="PROGRAM", help="GDAL's program, to measure layers beside (the one on PATH)"
    )
    options = parser.parse_args()
    if options.keep and options.keep.exists() and any(options.keep.iterdir()):
        parser.error(f"{options.keep} is not empty")
    if options.ogr2ogr is None and (program := shutil.which("ogr2ogr")):
        options.ogr2ogr = Path(program)
    options.cases = options.cases or (10_000 if options.quick else 100_000)
    options.postings = options.postings or (500_000 if options.quick else 1_000_000)
    return options


class Bench:
    """Measure pages on one running installation. Numbers of requests go on from page to page and are never used twice."""

    def __init__(self, port: int, alone: Load, several: Load) -> None:
        from portal.app import create_app

        self._port, self._alone, self.several = port, alone, several
        self._inside = create_app().test_client(use_cookies=False)

    def csrf(self, path: str, token: str) -> str:
        """The token of the first form on a page."""
        connection = HTTPConnection(LOOPBACK, self._port, timeout=30)
        connection.request("GET", path, headers=Ask(path, token).headers | {"Host": f"{CITY}.localhost:{self._port}"})
        match = re.search(r'name="csrf_token" value="([^"]+)"', connection.getresponse().read().decode())
        if match is None:
            raise WrongAnswer(f"no form on {path}")
        return match[1]

    def measure(self, page: Page) -> report.Measured:
        """One page: recorded, then asked for by one and by several, then its statements bare likewise."""
        numbers = itertools.count()
        ask_all(self._port, page.make, numbers, Load(2, 5, 12))  # both processes have seen the page
        scripts, count = self._record(page, numbers)
        alone = ask_all(self._port, page.make, numbers, self._alone)
        several = ask_all(self._port, page.make, numbers, self.several)
        limited = page.supply is not None
        first = next(numbers)
        bare_alone = run_bare(scripts, self._alone, first=first, limited=limited)
        first += self._alone.most + ASKERS
        bare_several = run_bare(scripts, self.several, first=first, limited=limited)
        return report.Measured(page.name, count, alone, several, bare_alone, bare_several)

    def _record(self, page: Page, numbers: "itertools.count[int]") -> tuple[list[Script], float]:
        """The statements of the page as scripts, and how many a request has."""
        from portal.core.tenancy import cities

        scripts, total = [], 0
        for number in itertools.islice(numbers, 3):
            self._ask_inside(page.make(number))  # fills the caches of this process
        for sample in range(page.samples):
            cities()  # read again every half minute, by whichever request comes then; not by this one
            with statements.recorded() as statements_sent:
                self._ask_inside(page.make(next(numbers)))
            scripts.append(script_of(statements_sent, sample, page.varied()))
            total += len(statements_sent)
        return scripts, total / page.samples

    def _ask_inside(self, ask: Ask) -> None:
        """Ask the application in this process, so that its statements can be recorded."""
        headers = ask.headers | {"Host": f"{CITY}.localhost:{self._port}"}
        answer = self._inside.open(ask.path, method=ask.method, data=ask.body, headers=headers)
        if answer.status_code != ask.status:
            raise WrongAnswer(f"{ask.method} {ask.path}: {answer.status_code}\n{answer.get_data(as_text=True)[:2000]}")


if __name__ == "__main__":
    main()
