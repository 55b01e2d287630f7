"""An empty schema with the functions of maps, for tests that need a table or two and no city."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def empty_schema(name: str) -> Iterator[Connection]:
    """The owner's connection to the schema, which is rolled back. Its functions are those of migration 0001."""
    from portal.core.database import owner_engine
    from portal.core.migrate import MIGRATIONS

    sql = (MIGRATIONS / "city" / "sql" / "case_place.sql").read_text(encoding="utf-8")
    functions, _, _ = sql.partition("ALTER TABLE")
    with owner_engine().connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}; SET LOCAL search_path = {name}, public")
        connection.exec_driver_sql(functions)
        yield connection
        connection.rollback()
