"""ZIP files, which Shapefile and KMZ come in: unpacked into a folder only when nothing in them can do harm."""

import zipfile
from pathlib import Path, PurePosixPath

from geo.reading.errors import FileError

MAX_BYTES = 2_000_000_000
MAX_RATIO = 200
"""A DBF of blanks shrinks to a hundredth; a bomb to a thousandth."""
MAX_MEMBERS = 500
_CHUNK = 1 << 20
_DATA = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gpx", ".csv")


def unpack(path: Path, folder: Path) -> Path:
    """Unpack a ZIP file into an empty folder and return the data set in it.

    Raises FileError for paths that lead out of the folder, for what grows beyond 2 GB or two hundred times, and unless there is
    exactly one data set.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MAX_MEMBERS:
                raise FileError("archive_size")
            data = [_extracted(archive, member, folder) for member in members if _is_data(member)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileError("broken", detail=type(error).__name__) from error
    sets = sorted(member for member in data if member.suffix.lower() in _DATA)
    if len(sets) != 1:
        raise FileError("archive_content", names=[name.name for name in sets[:10]])
    return sets[0]


def _is_data(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise FileError("archive_path")
    if member.external_attr >> 28 == 0xA:  # a symbolic link
        raise FileError("archive_path")
    return not ({"__MACOSX"} & set(name.parts)) and not name.name.startswith(".")


def _extracted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Write one member; its declared size is not believed. All go into one folder under the end of their names."""
    target = folder / PurePosixPath(member.filename.replace("\\", "/")).name
    limit = min(MAX_BYTES, max(member.compress_size, 4096) * MAX_RATIO)
    written = sum(file.stat().st_size for file in folder.iterdir())
    with archive.open(member) as source, target.open("wb") as file:
        size = 0
        while block := source.read(_CHUNK):
            size += len(block)
            if size > limit or written + size > MAX_BYTES:
                raise FileError("archive_size")
            file.write(block)
    return target
