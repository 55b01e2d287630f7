"""Reading files of geographic data: opened by GDAL (pyogrio) or as a table, checked row by row, in longitude and latitude.

`open_file` says what a file holds, with which columns and in which coordinate system, or raises `FileError` with a code. `rows_of` gives
each row as a `Row` that was accepted, fixed or refused. Nothing here writes, and nothing speaks to people: codes become sentences
where they are shown.
"""

from geo.reading.datum import Datum, detect_datum
from geo.reading.errors import FileError
from geo.reading.opening import OpenFile, open_file
from geo.reading.rows import Row, rows_of

__all__ = ["Datum", "FileError", "OpenFile", "Row", "detect_datum", "open_file", "rows_of"]
