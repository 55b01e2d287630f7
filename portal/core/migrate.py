"""Upgrades schemas to this version: one Alembic history for the shared schema, one that every city's schema follows.

Alembic is imported when a schema is upgraded: web and worker, which never do that, start sooner without it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from portal.core.database import JOBS_ROLE, SHARED_ROLE, SHARED_SCHEMA, login_role, owner_engine, schema_of

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(history: str, connection: Connection, schema: str) -> "Config":
    """Alembic's configuration for one history (`shared` or `city`) in one schema, on a connection of the owner."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS / history))
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    return config


def upgrade(history: str, schema: str, revision: str = "head") -> None:
    """Upgrade one schema along one history, in one transaction."""
    from alembic import command

    with owner_engine().begin() as connection:
        connection.execute(
            text("SELECT set_config('search_path', :path, true)"), {"path": f"{schema}, {SHARED_SCHEMA}, public"}
        )
        command.upgrade(alembic_config(history, connection, schema), revision)


def upgrade_shared() -> None:
    """Create the shared schema with its two roles, and upgrade it to this version."""
    with owner_engine().begin() as connection:
        for role in (SHARED_ROLE, JOBS_ROLE):
            if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
                connection.exec_driver_sql(f'CREATE ROLE "{role}" NOLOGIN')
            connection.exec_driver_sql(f'GRANT "{role}" TO "{login_role()}"')
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{SHARED_SCHEMA}"')
        connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{SHARED_SCHEMA}", public TO "{SHARED_ROLE}", "{JOBS_ROLE}"')
    upgrade("shared", SHARED_SCHEMA)


def upgrade_city(city_key: str) -> None:
    """Upgrade one city's schema to this version."""
    upgrade("city", schema_of(city_key))


def upgrade_all() -> list[str]:
    """Upgrade the shared schema and every city to this version; return the keys of the cities."""
    upgrade_shared()
    with owner_engine().connect() as connection:
        keys = [str(key) for key in connection.scalars(text(f'SELECT key FROM "{SHARED_SCHEMA}".city ORDER BY code'))]  # noqa: S608 - a constant
    for key in keys:
        upgrade_city(key)
    return keys
