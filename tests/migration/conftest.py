"""Schemas made from nothing: a city created for one test and dropped after it."""

from collections.abc import Iterator

import pytest

from tests.instance import ready


@pytest.fixture(scope="session", autouse=True)
def database() -> None:
    """The cluster with the shared schema."""
    ready()


@pytest.fixture
def fresh_schema(database: None) -> Iterator[str]:
    """An empty schema with a role of its own, as `create_city` makes them before any migration."""
    from portal.core.database import owner_engine

    name = "city_newtown"
    _drop(name)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} NOLOGIN")
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {name}, shared, public TO {name}")
        connection.exec_driver_sql(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}"
        )
        connection.exec_driver_sql(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT USAGE ON SEQUENCES TO {name}")
    yield name
    _drop(name)


def _drop(name: str) -> None:
    from sqlalchemy import text

    from portal.core.database import owner_engine

    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
            connection.exec_driver_sql(f"GRANT {name} TO CURRENT_USER")
            connection.exec_driver_sql(f"DROP OWNED BY {name}")
            connection.exec_driver_sql(f"DROP ROLE {name}")
