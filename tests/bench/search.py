"""The search alone: the index of 300 procedures, and every query of the project's own files."""

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from forms.catalogue.vocabulary import procedure_files
from forms.catalogue.windows import shipped_windows
from portal.search.entries import entries, shipped_words
from portal.search.index import Entry, Index
from tests.kit.catalogue import loaded

HEAD = """Processor time of one process without a database; the queries are those of `tests/unit/search`.

| search | entries | index, first, ms | index, again, ms | query p50, ms | query p99, ms |
|---|---:|---:|---:|---:|---:|"""
PROCEDURES = 300
_QUERIES = Path(__file__).parents[1] / "unit" / "search"


def lines() -> Iterator[str]:
    """One line."""
    entries = _entries()
    first, index = _timed(lambda: _index(entries))
    again, _index_again = _timed(lambda: _index(entries))
    queries = [row["query"] for file in sorted(_QUERIES.glob("*.csv")) for row in _rows(file)]
    spent = sorted(_timed(lambda query=query: index.search(query))[0] for query in queries)
    cuts = quantiles(spent, n=100)
    yield f"| {PROCEDURES} procedures | {len(entries)} | {first:.0f} | {again:.0f} | {cuts[49]:.1f} | {cuts[98]:.1f} |"


def _entries() -> tuple[Entry, ...]:
    """The procedures that come with Madoguchi, over and over under other keys, until there are enough."""
    shipped = entries(map(loaded, procedure_files()), ())
    procedures = [entry for entry in shipped if entry.kind == "procedure"]
    many = [replace(procedures[n % len(procedures)], key=f"procedure-{n}") for n in range(PROCEDURES)]
    return (*many, *entries((), shipped_windows()))


def _index(entries: tuple[Entry, ...]) -> Index:
    words = shipped_words()
    return Index(entries, words.synonyms, words.little)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    result = work()
    return (time.process_time() - begin) * 1000, result


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as read:
        yield from csv.DictReader(read)
