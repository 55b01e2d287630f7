"""Reading files of geographic data: opened by GDAL (pyogrio) or as a table, checked row by row, in longitude and latitude.

Files come from strangers, so they are opened in a process of their own with little memory, little time and no network (`reader`). `look`
says what a file holds, with which columns and in which coordinate system; `addresses` gives those of a table's rows without coordinates,
`read` the rows as the bytes that COPY takes, and a report of what was fixed and refused. What keeps a file from being read is a `FileError`
with a code. Nothing here writes, and nothing speaks to people: codes become sentences where they are shown.
"""

from geo.reading.columns import KINDS, Column
from geo.reading.datum import Datum, detect_datum
from geo.reading.errors import FileError
from geo.reading.places import NO_PLACES, Places
from geo.reading.reader import FileSummary, Plan, ReadResult, addresses, look, read

__all__ = [
    "KINDS",
    "NO_PLACES",
    "Column",
    "Datum",
    "FileError",
    "FileSummary",
    "Places",
    "Plan",
    "ReadResult",
    "addresses",
    "detect_datum",
    "look",
    "read",
]
