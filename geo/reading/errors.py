"""What keeps a whole file from being read, as a code with values."""

from typing import Any


class FileError(ValueError):
    """The file cannot be read. `code` says why, `values` are what the sentence about it names.

    empty · kind (not one of the formats) · companions (a Shapefile without its other files)
    broken (GDAL cannot open it; `detail` is its message) · archive_path, archive_size,
    archive_content (a ZIP file that leaves its folder, swells, or holds no single data set) · layers (`names`, of which one must be
    chosen) · layer (there is none of that name) · columns (more than `most`) · encoding · position (a table without columns for it) ·
    features (the file holds none) · shape (one is too large to be read) · not_finite (no shape has only numbers) ·
    exhausted (it took too much memory or time) ·
    nothing (no row was left; `causes`) · datum_missing (`suggestion` is an EPSG code) · datum_unknown · datum_contradicts (`named`)
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
