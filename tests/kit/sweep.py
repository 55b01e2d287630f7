"""Emptying a city after tests that committed."""

from sqlalchemy import text

from portal.core.database import owner_engine, schema_of


def sweep(city_key: str) -> None:
    """Empty every table of a city, as the owner, and start its event chain again.

    Numbers go on: the process keeps what it read of a version under its number, which must not come to mean another one.
    """
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {schema_of(city_key)}, public")
        tables = connection.scalars(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = :schema"
                " AND tablename NOT IN ('alembic_version', 'event_chain')"
            ),
            {"schema": schema_of(city_key)},
        ).all()
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)} CASCADE")
        connection.exec_driver_sql("UPDATE event_chain SET hash = sha256('madoguchi'::bytea)")
