"""Importing a file into a layer: read, compared with what the layer holds, and taken as its next version, or only looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from geo.catalogue import Entry, change_entry
from geo.importing import Report, fill_intake
from geo.reading import Datum, FileError, OpenFile, detect_datum, open_file, rows_of
from geo.versions import Change, Provenance, Version, VersionConflict, compare, drop_intake, take_intake
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.tenancy import plane_of
from portal.maps.catalogue import get_layer, newer_version
from portal.maps.events import of_layer
from portal.maps.import_words import REFUSED, refusal


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How a file is read. `epsg` is the coordinate system that a person chose, `layer` the one of several in the file, `key_property`
    what features are known by from now on; None leaves each as the file or the catalogue has it.
    """

    epsg: int | None = None
    layer: str | None = None
    key_property: str | None = None
    note: str = ""
    data_date: date | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: `version` is None where it was only looked at, or where nothing changes."""

    file: OpenFile
    datum: Datum
    report: Report
    change: Change
    version: Version | None


def import_file(
    session: Session,
    key: str,
    path: Path,
    settings: ImportSettings,
    actor: Actor,
    *,
    take: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Make a file the next version of a layer; with `take=False` only say what it would change.

    Raises NotFound for the layer, Invalid for a file that cannot be read or of which no row is left, Conflict when somebody was faster.
    """
    entry = get_layer(session, key)
    if settings.key_property and settings.key_property != entry.key_property:
        change_entry(session, key, key_property=settings.key_property)
    known_by = settings.key_property or entry.key_property
    with TemporaryDirectory() as folder:
        try:
            file = open_file(path, Path(folder), layer=settings.layer)
            if known_by and known_by not in file.columns:
                raise FileError("key", named=known_by, names=list(file.columns)[:50])
            plane = plane_of(session).srid
            datum = detect_datum(file.declared, file.bounds, chosen=settings.epsg, plane=plane)
            rows = rows_of(file, entry.kind, datum, key=known_by)
            intake_id, report = fill_intake(session, rows, progress)
        except FileError as error:
            raise Invalid(refusal(error), {"file": refusal(error)}) from error
    if not report.accepted:
        raise Invalid(f"取り込める行がありません。{causes(report)}")
    change = compare(session, intake_id, key)
    if not take or change.is_none:
        drop_intake(session, intake_id)
        return Imported(file, datum, report, change, None)
    return Imported(file, datum, report, change, _taken(session, entry, intake_id, path, settings, report, actor))


def _taken(
    session: Session,
    entry: Entry,
    intake_id: int,
    path: Path,
    settings: ImportSettings,
    report: Report,
    actor: Actor,
) -> Version:
    by = actor.id if actor.kind == "staff" else None
    provenance = Provenance(author=by, note=settings.note, file_name=path.name, data_date=settings.data_date)
    try:
        version = take_intake(session, intake_id, entry.key, provenance, seen=entry.version)
    except VersionConflict as error:
        raise newer_version() from error
    counts = {"added": version.added, "changed": version.changed, "removed": version.removed}
    refused = sum(report.refused.values())
    data = {"key": entry.key, "version": version.number, "refused": refused, **counts}
    record(session, of_layer(entry.id), "layer.imported", actor, **data)
    return version


def causes(report: Report) -> str:
    """Why rows were refused, with how many: 場所がない 3行、日本の外にある 1行."""
    return "、".join(f"{REFUSED[code]} {count}行" for code, count in report.refused.most_common())
