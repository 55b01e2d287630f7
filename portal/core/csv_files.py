"""Tables that people take along, as spreadsheets in Japan open them: RFC 4180 in CP932, or in UTF-8 with a byte order mark."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ENCODINGS: Mapping[str, str] = {"cp932": "cp932", "utf-8": "utf-8-sig"}
"""What somebody chooses, and Python's name for it: UTF-8 with the mark by which spreadsheets recognise it."""
CHARSETS: Mapping[str, str] = {"cp932": "shift_jis", "utf-8": "utf-8"}
"""What HTTP calls each of them."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str) -> bytes:
    """The table. Texts that a spreadsheet would take for a formula begin with an apostrophe; characters that CP932 lacks are ?."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode(ENCODINGS[encoding], "replace")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
