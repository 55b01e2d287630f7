"""Importing a file into a layer: read, compared with what the layer holds, and taken as its next version, or only looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import psycopg
from sqlalchemy.orm import Session

from geo.address_placing import place_rows
from geo.catalogue import Entry, change_entry
from geo.reading import NO_PLACES, FileError, Places, Plan, ReadResult, addresses, look, read
from geo.versions import (
    Change,
    Provenance,
    Version,
    VersionConflict,
    compare,
    drop_intake,
    fill_intake,
    take_intake,
)
from portal.core import tenancy
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.tenancy import plane_of
from portal.maps.catalogue import get_layer, newer_version
from portal.maps.events import of_layer
from portal.maps.import_words import causes, refusal

#: How files are called that can be tables.
_TABLES = frozenset({".csv", ".tsv", ".txt", ".zip"})


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How a file is read at a terminal. `epsg` is the coordinate system that a person chose, `layer` the one of several in the file,
    `key_property` what features are known by from now on, `address` the column whose addresses place rows without coordinates; None
    leaves each as the file or the catalogue has it.
    """

    epsg: int | None = None
    layer: str | None = None
    key_property: str | None = None
    address: str | None = None
    note: str = ""
    data_date: date | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: `version` is None where it was only looked at, or where nothing changes."""

    result: ReadResult
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
    try:
        address = settings.address or suggested_address(path, settings.layer)
        plan = Plan(entry.kind, epsg=settings.epsg, key=settings.key_property or entry.key_property, address=address)
        intake_id, result, change = read_and_compare(session, entry, path, plan, settings.layer, progress)
    except FileError as error:
        raise Invalid(refusal(error), {"file": refusal(error)}) from error
    if not take or change.is_none:
        drop_intake(session, intake_id)
        return Imported(result, change, None)
    by = actor.id if actor.kind == "staff" else None
    provenance = Provenance(author=by, note=settings.note, file_name=path.name, data_date=settings.data_date)
    refused = sum(result.refused.values())
    version = take_compared(
        session, entry, intake_id, plan.key, provenance, actor, expected_version=entry.version, refused=refused
    )
    return Imported(result, change, version)


def read_and_compare(
    session: Session,
    entry: Entry,
    path: Path,
    plan: Plan,
    part: str | None,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, ReadResult, Change]:
    """Read a file (of several layers in it the one named `part`) into a new intake, and compare it with a layer: the id of the intake, what
    became of the rows, and what would change. Raises FileError; nothing is left then.
    """
    results: list[ReadResult] = []
    places = places_by_address(session, path, plan.address, part) if plan.address else NO_PLACES

    def fill(write: Callable[[bytes], object]) -> dict[str, str]:
        results.append(
            read(path, plan, write, layer=part, plane=plane_of(session).srid, places=places, progress=progress)
        )
        if not results[0].accepted:
            raise FileError("nothing", causes=causes(results[0]))
        return dict(results[0].columns)

    try:
        intake_id = fill_intake(session, fill)
    except psycopg.DataError as error:
        raise FileError("broken", detail=type(error).__name__) from error
    return intake_id, results[0], compare(session, intake_id, entry.key, plan.key)


def suggested_address(path: Path, part: str | None = None) -> str | None:
    """The column of addresses of a table that has no coordinates; None for any other file. Raises FileError."""
    if path.suffix.lower() not in _TABLES:
        return None
    summary = look(path, layer=part)
    return None if summary.has_position else summary.address


def places_by_address(
    session: Session, path: Path, column: str, part: str | None, *, most: int | None = None
) -> Places:
    """Where the rows of a table without coordinates lie by the addresses in a column; of the first `most` of them. Raises FileError."""
    rows = islice(addresses(path, column, layer=part), most)
    return place_rows(session, rows, city=tenancy.city(city_of(session)).name)


def take_compared(
    session: Session,
    entry: Entry,
    intake_id: int,
    known_by: str | None,
    provenance: Provenance,
    actor: Actor,
    *,
    expected_version: int,
    refused: int,
) -> Version:
    """Make a compared intake the next version of a layer, whose features are known by that property from now on.

    `expected_version` is the version with which it was compared. Raises Conflict when the layer has changed since.
    """
    try:
        version = take_intake(session, intake_id, entry.key, provenance, expected_version=expected_version)
    except VersionConflict as error:
        raise newer_version() from error
    if known_by != entry.key_property:
        change_entry(session, entry.key, key_property=known_by)
    counts = {"added": version.added, "changed": version.changed, "removed": version.removed}
    data = {"key": entry.key, "version": version.number, "refused": refused, **counts}
    record(session, of_layer(entry.id), "layer.imported", actor, **data)
    return version
