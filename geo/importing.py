"""Rows of a file on their way into a layer: put into an intake while what was fixed and refused is written down."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.reading import Row
from geo.versions import Incoming, open_intake

MAX_REMARKS = 1000
"""Rows that a report names; it counts all of them."""
_STEP = 1000


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that was fixed or refused, by its number in the file, with the codes of `geo.reading.Row`."""

    n: int
    fixes: tuple[str, ...]
    refused: str | None


@dataclass
class Report:
    """What became of the rows of a file."""

    rows: int = 0
    accepted: int = 0
    fixes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)


def fill_intake(
    connection: Connection | Session, rows: Iterable[Row], progress: Callable[[int], None] | None = None
) -> tuple[int, Report]:
    """Put the accepted rows into a new intake; return its id and the report.

    progress: called with the number of rows read, every thousand; what it raises ends the import.
    """
    report = Report()
    intake_id = open_intake(connection, _accepted(rows, report, progress))
    return intake_id, report


def _accepted(rows: Iterable[Row], report: Report, progress: Callable[[int], None] | None) -> Iterator[Incoming]:
    for row in rows:
        report.rows += 1
        if progress is not None and report.rows % _STEP == 0:
            progress(report.rows)
        if (row.fixes or row.refused) and len(report.remarks) < MAX_REMARKS:
            report.remarks.append(Remark(row.n, row.fixes, row.refused))
        if row.refused is not None:
            report.refused[row.refused] += 1
        elif row.geom is not None:
            report.accepted += 1
            report.fixes.update(row.fixes)
            yield Incoming(row.n, row.key, row.properties, row.geom)
