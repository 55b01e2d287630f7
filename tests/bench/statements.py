"""The SQL that a page runs: every statement of one request with its values, recorded on the cursor of the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Connection, event


@dataclass(frozen=True)
class Value:
    """A value as text, and the SQL type that the driver names for it (none for text, whose type the server infers)."""

    python: Any
    text: str | None
    type: str


@dataclass(frozen=True)
class Statement:
    """A statement with `%(name)s` where values go."""

    sql: str
    values: dict[str, Value]


_recorded: list[Statement] | None = None


class RecordingCursor(psycopg.Cursor[Any]):
    """A cursor that remembers what it was asked to execute, while somebody listens."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "RecordingCursor":
        """As psycopg's."""
        if _recorded is not None:
            sql = query if isinstance(query, str) else query.as_string(self.connection)
            values = {name: _value(self.connection, value) for name, value in (params or {}).items()}
            _recorded.append(Statement(sql, values))
        return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        """As psycopg's; no page is known to need it, and the bench would not count it right."""
        raise NotImplementedError("a page sends many statements at once")


def install() -> None:
    """Let every connection that the portal opens from here on, in this process, use the recording cursor."""
    from portal.core.database import OPENING, engine

    def use(connection: Any, _record: Any) -> None:
        connection.cursor_factory = RecordingCursor

    def note_opening(connection: Connection) -> None:  # sent past the cursors
        if _recorded is not None:
            _recorded.append(Statement(connection.get_execution_options()[OPENING], {}))

    event.listen(engine(), "connect", use)
    event.listen(engine(), "engine_connect", note_opening)
    engine().dispose()  # connections opened before do not listen


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements of the block."""
    global _recorded  # noqa: PLW0603 - one recording at a time, by one thread
    statements: list[Statement] = []
    _recorded = statements
    try:
        yield statements
    finally:
        _recorded = None


def _value(connection: Any, value: Any) -> Value:
    if value is None:
        return Value(None, None, "")
    dumper = Transformer(connection).get_dumper(value, PyFormat.TEXT)
    dumped = dumper.dump(value)
    return Value(value, bytes(dumped or b"").decode(), _type_name(connection, dumper.oid))


def _type_name(connection: Any, oid: int) -> str:
    info = connection.adapters.types.get(oid) if oid else None
    if info is None:
        return ""
    return f"{info.name}[]" if oid == info.array_oid else str(info.name)
