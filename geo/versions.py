"""Versions of a layer: features wait in an intake, are compared with the layer, and become its next version.

A version never changes. `layer_feature` holds what holds now; what a version changed or removed goes to `layer_past_feature`, with the
first version in which it held and the first in which it no longer did. So the features of any version can be read (`features_at`), and
its differences cost the space of the differences alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Literal, cast

import psycopg
from shapely import force_2d
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, delete, func, insert, select, text, union_all, update
from sqlalchemy.orm import Session

from geo.copying import HEAD, INTO, TAIL, tuples
from geo.tables import layer, layer_feature, layer_intake, layer_past_feature, layer_version

_KINDS: Mapping[type, str] = {str: "string", int: "number", float: "number", bool: "boolean"}
Origin = Literal["import", "edit", "restore"]


class VersionConflict(Exception):
    """The layer has a newer version than the one with which the intake was compared."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A feature that comes in. `n` is its row in the file, `key` what it is known by (None where the layer has no such property)."""

    n: int
    key: str | None
    properties: Mapping[str, Any]
    geom: BaseGeometry


@dataclass(frozen=True, slots=True)
class Change:
    """How many features a version adds, changes in shape or properties, removes, and leaves as they are."""

    added: int
    changed: int
    removed: int
    same: int

    @property
    def is_none(self) -> bool:
        """Whether the layer would be as it is."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made a version, from what. `author` is the caller's id of a person, `restored` the number of the version that it repeats,
    `data_date` the day as of which its data are right.
    """

    origin: Origin = "import"
    author: int | None = None
    restored: int | None = None
    note: str = ""
    file_name: str = ""
    data_date: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What is told of a version. `columns` are the properties of its features with the JSON type of their values, or `mixed`."""

    number: int
    made_at: datetime
    author: int | None
    origin: Origin
    restored: int | None
    note: str
    file_name: str
    data_date: date | None
    features: int
    added: int
    changed: int
    removed: int
    columns: Mapping[str, str]


def open_intake(connection: Connection | Session, incoming: Iterable[Incoming]) -> int:
    """Put features into a new intake, and return its id."""
    features = list(incoming)

    def fill(write: Callable[[bytes], object]) -> Mapping[str, str]:
        keys, rows = [each.key for each in features], [each.properties for each in features]
        write(tuples((each.n for each in features), keys, rows, force_2d([each.geom for each in features])))
        return _columns(rows)

    return fill_intake(connection, fill)


def fill_intake(
    connection: Connection | Session, fill: Callable[[Callable[[bytes], object]], Mapping[str, str]]
) -> int:
    """Make a new intake of what `fill` writes, which are tuples as `geo.copying` makes them, and return its id; `fill` returns the columns in
    their order, with the type of their values. What it raises leaves nothing behind, nor does psycopg's DataError for what are no such tuples.
    """
    with connection.begin_nested():
        intake_id = int(connection.execute(insert(layer_intake).returning(layer_intake.c.id)).scalar_one())
        connection.execute(select(func.set_config("geo.intake", str(intake_id), True)))
        with _driver(connection).cursor() as cursor, cursor.copy(INTO) as copy:
            copy.write(HEAD)
            columns = fill(copy.write)
            copy.write(TAIL)
        _set_columns(connection, intake_id, columns)
    return intake_id


def drop_intake(connection: Connection | Session, intake_id: int) -> None:
    """Forget an intake that became no version."""
    connection.execute(delete(layer_intake).where(layer_intake.c.id == intake_id))


def drop_intakes_before(connection: Connection | Session, moment: datetime) -> None:
    """Forget the intakes that were opened before a moment."""
    connection.execute(delete(layer_intake).where(layer_intake.c.made_at < moment))


def compare(connection: Connection | Session, intake_id: int, key: str, known_by: str | None) -> Change:
    """Find for each feature of an intake the one of the layer that it is, and return what would change.

    Features are the same by the property `known_by`; without one, a feature is known by its shape and properties alone, and one that
    changed is one removed and one added. It may be repeated, when the layer has changed.
    """
    with _whole_tables(connection):
        connection.execute(_sql("compare"), {"intake_id": intake_id, "layer": key, "known_by": known_by})
        return _change(connection, intake_id, key)


def take_intake(
    connection: Connection | Session, intake_id: int, key: str, provenance: Provenance, *, expected_version: int
) -> Version:
    """Make the compared features of an intake the next version of a layer. Raises VersionConflict.

    `expected_version` is the number of the version with which they were compared. Whoever takes an intake at the same time waits, and then fails.
    """
    with _whole_tables(connection):
        return _take(connection, intake_id, key, provenance, expected_version)


def _take(
    connection: Connection | Session, intake_id: int, key: str, provenance: Provenance, expected_version: int
) -> Version:
    change = _change(connection, intake_id, key)
    number, layer_id = next_version(connection, key, expected_version=expected_version)
    values = {"intake_id": intake_id, "layer_id": layer_id, "version": number}
    for statement in ("keep_past", "remove", "change", "add"):
        connection.execute(_sql(statement), values)
    write_version(connection, layer_id, number, provenance, change, columns_of_intake(connection, intake_id))
    drop_intake(connection, intake_id)
    return versions_of(connection, key)[0]


def next_version(connection: Connection | Session, key: str, *, expected_version: int | None = None) -> tuple[int, int]:
    """The number of the version that a layer gets now, and the id of the layer; whoever asks for it at the same time waits.

    `expected_version` is the newest version that may have been there before. Raises VersionConflict for another one.
    """
    query = update(layer).where(layer.c.key == key).values(version=layer.c.version + 1)
    if expected_version is not None:
        query = query.where(layer.c.version == expected_version)
    row = connection.execute(query.returning(layer.c.version, layer.c.id)).one_or_none()
    if row is None:
        raise VersionConflict(key)
    return row.version, row.id


def write_version(
    connection: Connection | Session,
    layer_id: int,
    number: int,
    provenance: Provenance,
    change: Change,
    columns: Mapping[str, str],
) -> None:
    """Tell of a version whose features are written."""
    told = {
        "features": change.same + change.changed + change.added,
        "added": change.added,
        "changed": change.changed,
        "removed": change.removed,
    }
    row = {**asdict(provenance), **told, "columns": dict(columns)}
    connection.execute(insert(layer_version).values(layer_id=layer_id, number=number, **row))


def intake_of_version(connection: Connection | Session, key: str, number: int) -> int:
    """Put the features of an earlier version into a new intake, compared already, from which it can be restored.

    Raises LookupError where the layer has no such version.
    """
    version = next((version for version in versions_of(connection, key) if version.number == number), None)
    if version is None:
        raise LookupError(number)
    intake_id = int(connection.execute(insert(layer_intake).returning(layer_intake.c.id)).scalar_one())
    connection.execute(_sql("restore"), {"intake_id": intake_id, "layer": key, "version": number})
    _set_columns(connection, intake_id, version.columns)
    return intake_id


def change_to_version(connection: Connection | Session, key: str, number: int) -> Change:
    """What restoring an earlier version would change."""
    return Change(*connection.execute(_sql("change_to_version"), {"layer": key, "version": number}).one())


def columns_of_intake(connection: Connection | Session, intake_id: int) -> dict[str, str]:
    """The properties of the features of an intake in their order, with the type of their values."""
    query = select(layer_intake.c["columns"]).where(layer_intake.c.id == intake_id)
    return dict(connection.execute(query).scalar_one())


def versions_of(connection: Connection | Session, key: str, limit: int | None = None) -> list[Version]:
    """The versions of a layer, the newest first; at most so many."""
    told = [layer_version.c[name] for name in Version.__slots__]
    query = select(*told).join(layer, layer.c.id == layer_version.c.layer_id).where(layer.c.key == key)
    return [Version(*row) for row in connection.execute(query.order_by(layer_version.c.number.desc()).limit(limit))]


def features_at(
    connection: Connection | Session, key: str, number: int
) -> Iterator[tuple[int, dict[str, Any], memoryview]]:
    """Id, properties and shape (WKB) of every feature of a version, by id; read a thousand at a time."""
    now, past = layer_feature, layer_past_feature
    layer_id = select(layer.c.id).where(layer.c.key == key).scalar_subquery()
    query = union_all(
        select(now.c.id, now.c.properties, func.ST_AsBinary(now.c.geom).label("wkb")).where(
            now.c.layer_id == layer_id, now.c.since <= number
        ),
        select(past.c.id, past.c.properties, func.ST_AsBinary(past.c.geom).label("wkb")).where(
            past.c.layer_id == layer_id, past.c.since <= number, past.c.until > number
        ),
    ).order_by("id")
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        yield row.id, row.properties, row.wkb


def _set_columns(connection: Connection | Session, intake_id: int, columns: Mapping[str, str]) -> None:
    query = update(layer_intake).where(layer_intake.c.id == intake_id)
    connection.execute(query.values({layer_intake.c["columns"]: dict(columns)}))


def _columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of the properties with the type of their values: string | number | boolean | mixed."""
    columns: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            kind = type_of_value(value)
            if value is not None:
                columns[name] = kind if columns.get(name, kind) == kind else "mixed"
    return columns


def type_of_value(value: object) -> str:
    """The type of a property's value as columns name it."""
    return _KINDS.get(type(value), "mixed")


def _change(connection: Connection | Session, intake_id: int, key: str) -> Change:
    return Change(*connection.execute(_sql("change_counts"), {"intake_id": intake_id, "layer": key}).one())


@contextmanager
def _whole_tables(connection: Connection | Session) -> Iterator[None]:
    """Join an intake as a whole: the planner has no statistics of rows that this transaction brought, takes them for a handful, and
    would look each of 50,000 up among 50,000.
    """
    connection.execute(select(func.set_config("enable_nestloop", "off", True)))
    yield
    connection.execute(select(func.set_config("enable_nestloop", "on", True)))


def _driver(connection: Connection | Session) -> psycopg.Connection[Any]:
    own = connection.connection() if isinstance(connection, Session) else connection
    return cast("psycopg.Connection[Any]", own.connection.driver_connection)


def _sql(name: str) -> Any:
    return text(files("geo").joinpath("sql", "versions", f"{name}.sql").read_text(encoding="utf-8"))
