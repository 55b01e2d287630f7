"""Sealing what is still in clear, or under an older key, a batch at a time: it may be stopped and started again at any point."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.cases import reseal_answers
from portal.cases.queries import version_of_case
from portal.core.crypto import newest_key, open_sealed, seal
from portal.core.database import SHARED_SCHEMA, owner_engine, schema_of
from portal.core.sealed import SealedJson, SealedText, SearchTerms, newest_prefix, term_of
from portal.procedures import definition_of
from portal.sealing.registry import ANSWERS, SEALED_BYTES, columns_of

BATCH = 500
_SMALLER = {"file_content": 4, "layer_import_piece": 4}
"""A batch is in memory as a whole, and a file has up to ten megabytes, a piece of one four."""

_RAW: dict[type, Any] = {SealedText: Text(), SealedJson: JSONB(), SearchTerms: ARRAY(Text)}
"""How such columns are stored in the database."""

Renew = Callable[[Session, Mapping[str, Any]], Any]
"""The new value of a row's `value`, or None when it is as it should be."""


def reseal(city_key: str, say: Callable[[str, int], None]) -> int:
    """Seal everything of one city under the newest key; how many values were changed.

    Works as the owner of the tables, since some may only be added to otherwise. `say` takes the name of a column and how many
    of its values were changed, for each that had any. A value that changes meanwhile is left to the next run.
    """
    changed = 0
    for walk in _walks(city_key):
        count = sum(walk.batches())
        if count:
            say(str(walk.column), count)
        changed += count
    return changed


def _walks(city_key: str) -> Iterator["_Walk"]:
    for column in (*columns_of(SealedText), *columns_of(SealedJson)):
        yield _Walk(city_key, column, _whole(column.type))
    for column in columns_of(SearchTerms):
        yield _Walk(city_key, column, lambda _session, row: [term_of(word) for word in row["value"]])
    for sealed in SEALED_BYTES:
        yield _Walk(city_key, sealed.column, _bytes(city_key, sealed.context), sealed.needs)
    for column in ANSWERS:
        needs = tuple(name for name in ("version_id", "case_id", "stage") if name in column.table.c)
        yield _Walk(city_key, column, _answers(city_key, column), needs)


class _Walk:
    """One column, along the primary key of its table; each batch is a transaction of its own."""

    def __init__(self, city_key: str, column: Column[Any], renew: Renew, needs: tuple[Any, ...] = ()) -> None:
        table = column.table
        assert isinstance(table, Table)  # noqa: S101 - a column of a table
        self.column = column
        self._city_key, self._table, self._renew = city_key, table, renew
        self._keys = list(table.primary_key.columns)
        self._raw = _RAW.get(type(column.type), column.type)
        self._value = cast(column, self._raw)
        self._batch = _SMALLER.get(table.name, BATCH)
        columns = [table.c[each] if isinstance(each, str) else each for each in needs]
        more = [each for each in columns if each not in set(self._keys)]
        query = select(*self._keys, self._value.label("value"), *more).where(column.is_not(None), *self._older())
        self._query = query.order_by(*self._keys).limit(self._batch)

    def batches(self) -> Iterator[int]:
        """How many values each batch changed."""
        last: tuple[Any, ...] | None = None
        while True:
            query = (
                self._query if last is None else self._query.where(tuple_(*self._keys) > tuple_(*map(literal, last)))
            )
            with owner_engine().begin() as connection:
                _enter(connection, self._city_key)
                session = Session(connection, info={"city": self._city_key})
                rows = [dict(row) for row in connection.execute(query).mappings()]
                count = sum(self._put(connection, row, self._renew(session, row)) for row in rows)
            yield count
            if len(rows) < self._batch:
                return
            last = tuple(rows[-1][key.name] for key in self._keys)

    def _older(self) -> list[ColumnElement[bool]]:
        """Excludes what the database itself can recognise as under the newest key, so that a second run reads little."""
        if isinstance(self.column.type, SealedText):
            return [~self._value.startswith(newest_prefix())]
        if isinstance(self.column.type, LargeBinary):
            return [func.substring(self.column, 1, 4) != bytes.fromhex(newest_key())]
        return []

    def _put(self, connection: Connection, row: Mapping[str, Any], renewed: Any) -> int:
        """Write a new value, unless the row has another one by now."""
        if renewed is None or renewed == row["value"]:
            return 0
        this = and_(*(key == row[key.name] for key in self._keys), self._value == literal(row["value"], self._raw))
        value = cast(literal(renewed, self._raw), self._raw)
        return connection.execute(update(self._table).where(this).values({self.column: value})).rowcount


def _enter(connection: Connection, city_key: str) -> None:
    path = f"{schema_of(city_key)}, {SHARED_SCHEMA}, public"
    connection.execute(select(func.set_config("search_path", path, True)))


def _whole(kind: Any) -> Renew:
    """For a column type that seals its values itself."""

    def renew(_session: Session, row: Mapping[str, Any]) -> Any:
        return None if kind.is_newest(row["value"]) else kind.sealed(kind.opened(row["value"]))

    return renew


def _bytes(city_key: str, context: Callable[[Mapping[str, Any]], bytes]) -> Renew:
    def renew(_session: Session, row: Mapping[str, Any]) -> bytes | None:
        sealed = bytes(row["value"])
        return seal(city_key, open_sealed(city_key, sealed, context(row)), context(row)) if sealed else None

    return renew


def _answers(city_key: str, column: Column[Any]) -> Renew:
    def renew(session: Session, row: Mapping[str, Any]) -> dict[str, Any] | None:
        version_id = row.get("version_id")
        if version_id is None:
            version_id = version_of_case(session, row["case_id"])
        definition = definition_of(session, version_id)
        is_stage = column.table.name == "case_stage_form"
        form = definition.stage_forms[row["stage"]] if is_stage else definition
        return reseal_answers(city_key, form, row["value"])

    return renew
