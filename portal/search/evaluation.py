"""How well the search does with queries of which is known what they mean."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.search.entries import name_of
from portal.search.index import Hit

COLUMNS = ("query", "expected")


class Unreadable(Exception):
    """A file of queries that cannot be read, in words that say where."""


@dataclass(frozen=True)
class Expectation:
    """A query, and what it may mean: keys of procedures, `life:` with the key of a window, `office:` with that of a department, `person`."""

    query: str
    expected: frozenset[str]


@dataclass(frozen=True)
class Evaluation:
    """How many queries had what was expected first, and among the first three. `missed`: those that had not, with what came instead."""

    queries: int
    first: int
    among_three: int
    missed: Sequence[tuple[Expectation, Sequence[str]]]


def read_expectations(lines: Iterable[str]) -> list[Expectation]:
    """Queries from a CSV with the columns `query` and `expected`, alternatives parted by `|`. Raises Unreadable."""
    reader = csv.reader(lines)
    if tuple(next(reader, ())) != COLUMNS:
        raise Unreadable(f"the first line must be {','.join(COLUMNS)}")
    expectations = []
    for row in reader:
        if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row):
            raise Unreadable(f"line {reader.line_num}: a query and what it may mean are needed")
        expectations.append(Expectation(row[0], frozenset(name.strip() for name in row[1].split("|"))))
    return expectations


def evaluate(expectations: Iterable[Expectation], search: Callable[[str], Sequence[Hit]]) -> Evaluation:
    """Ask every query and see where what was expected stands."""
    count = first = among_three = 0
    missed = []
    for expectation in expectations:
        names = [name_of(hit.entry) for hit in search(expectation.query)[:3]]
        count += 1
        first += bool(expectation.expected.intersection(names[:1]))
        among_three += bool(expectation.expected.intersection(names))
        if not expectation.expected.intersection(names):
            missed.append((expectation, names))
    return Evaluation(count, first, among_three, missed)
