"""A schema of maps alone: the tables of geo and as much of the cases as maps read, gone when the test ends."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from geo.tables import metadata
from portal.core.migrate import MIGRATIONS

CASE_PLACE = MIGRATIONS / "city" / "versions" / "0001_case_place.sql"
PLAIN_TABLES = """
    CREATE TABLE case_file (id bigint PRIMARY KEY, number text NOT NULL);
    CREATE TABLE case_place (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        case_id bigint NOT NULL REFERENCES case_file,
        field text NOT NULL DEFAULT 'area',
        procedure_key text NOT NULL DEFAULT 'road-occupancy',
        department_id bigint NOT NULL DEFAULT 1,
        assignee_id bigint,
        status text NOT NULL DEFAULT 'new',
        state text NOT NULL DEFAULT 'submitted',
        due_on date NOT NULL DEFAULT '2026-12-10',
        starts_on date,
        ends_on date,
        submitted_at timestamptz NOT NULL DEFAULT '2026-11-20T10:00+09:00',
        area_m2 double precision,
        length_m double precision
    );
"""


@pytest.fixture
def maps() -> Iterator[Connection]:
    """A connection to an empty schema with layers, cases and their places; rolled back."""
    from portal.core.database import owner_engine

    with owner_engine().connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA geo_alone; SET LOCAL search_path = geo_alone, public")
        connection.exec_driver_sql(PLAIN_TABLES)
        connection.exec_driver_sql(CASE_PLACE.read_text(encoding="utf-8"))
        metadata.create_all(connection)
        yield connection
        connection.rollback()
