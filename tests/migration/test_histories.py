"""Migrations make exactly what the models say, from nothing and on a city that is in use; making things twice is safe."""

import re
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError

from portal.core import migrate
from portal.core.database import owner_engine
from portal.core.tenancy import city, create_city


def revisions(history: str) -> list[str]:
    """The revisions of one history, oldest first."""
    with owner_engine().connect() as connection:
        script = ScriptDirectory.from_config(migrate.alembic_config(history, connection, "shared"))
    return [script_revision.revision for script_revision in reversed(list(script.walk_revisions()))]


def differences(history: str, schema: str) -> list[Any]:
    """What a new migration of that history would have to change, by the history's own rules of which tables it owns."""
    from alembic.autogenerate import compare_metadata

    with owner_engine().begin() as connection:
        connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": f"{schema}, public"})
        changes: list[Any] = []

        def look(context: MigrationContext, metadata: MetaData | list[MetaData]) -> None:
            changes.extend(compare_metadata(context, metadata))

        _with_environment(history, connection, schema, look)
    return changes


def _with_environment(history: str, connection: Any, schema: str, look: Any) -> None:
    """Run the history's own `env.py`, and look at the moment when it would migrate."""
    from alembic.runtime.environment import EnvironmentContext

    config = migrate.alembic_config(history, connection, schema)
    script = ScriptDirectory.from_config(config)

    def at_migration(_revision: Any, context: Any) -> list[Any]:
        look(context, context.opts["target_metadata"])
        return []

    with EnvironmentContext(config, script, fn=at_migration):
        script.run_env()


def test_a_new_city_is_exactly_what_the_models_say(fresh_schema: str) -> None:
    migrate.upgrade("city", fresh_schema)
    assert differences("city", fresh_schema) == []


def test_the_shared_schema_is_exactly_what_the_models_say() -> None:
    migrate.upgrade_shared()
    assert differences("shared", "shared") == []


def test_cities_that_exist_are_exactly_what_the_models_say() -> None:
    for key in migrate.upgrade_all():
        assert differences("city", f"city_{key}") == []


def test_each_history_is_one_line_and_numbered_like_its_files() -> None:
    for history in ("city", "shared"):
        files = sorted(path.name for path in (migrate.MIGRATIONS / history / "versions").glob("*.py"))
        assert [name.partition("_")[0] for name in files] == revisions(history)
        for name in files:
            source = (migrate.MIGRATIONS / history / "versions" / name).read_text()
            assert re.search(rf'^revision = "{name[:4]}"$', source, re.MULTILINE)


def rows(schema: str) -> None:
    """A row in every table that can take one: each column that must be filled gets some value of its type."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {schema}, shared, public")
        tables = connection.execute(
            text(
                "SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),"
                " string_agg(format_type(a.atttypid, a.atttypmod), '|' ORDER BY a.attnum)"
                " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0"
                " AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''"
                " AND c.relname NOT IN ('alembic_version', 'event_chain') GROUP BY 1 ORDER BY min(c.oid)"
            ),
            {"schema": schema},
        ).all()
        for table, columns, types in tables:
            values = ", ".join(_value(type_name) for type_name in types.split("|"))
            point = connection.begin_nested()
            try:
                connection.exec_driver_sql(f'INSERT INTO "{table}" ({columns}) VALUES ({values})')
            except DBAPIError:
                point.rollback()  # a check or another table's row is needed; what counts is that most tables hold something


def _value(kind: str) -> str:
    if kind.startswith("geometry"):
        return "ST_SetSRID(ST_MakePoint(139.4, 35.7), 4326)"
    plain = {
        "bytea": "'\\x00'",
        "jsonb": "'{}'",
        "boolean": "true",
        "date": "current_date",
        "timestamp with time zone": "now()",
        "text[]": "'{}'",
    }
    return plain.get(kind, "'1'")


def test_every_migration_runs_on_a_city_that_is_in_use(fresh_schema: str) -> None:
    for revision in revisions("city"):
        migrate.upgrade("city", fresh_schema, revision)
        rows(fresh_schema)
    with owner_engine().begin() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": fresh_schema}
        ).all()
        used = [
            table
            for table in tables
            if connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {fresh_schema}.{table})"))
        ]
    assert len(used) >= 15
    assert differences("city", fresh_schema) == []


def test_a_migration_that_fails_leaves_the_schema_as_it_was(fresh_schema: str) -> None:
    first, *_later, last = revisions("city")
    migrate.upgrade("city", fresh_schema, first)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {fresh_schema}.login_code CASCADE")
    with pytest.raises(DBAPIError):
        migrate.upgrade("city", fresh_schema, last)
    with owner_engine().connect() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {fresh_schema}.alembic_version")) == first


def test_creating_a_city_twice_keeps_its_data(database: None) -> None:
    from portal.core.database import city_session, shared_session
    from portal.identity.models import Department

    with city_session("tachikawa") as session:
        department = Department(key="made-twice", title={"ja": "課"})
        session.add(department)
    try:
        create_city(city("tachikawa"))
        create_city(city("tachikawa"))
        with city_session("tachikawa") as session:
            assert session.get_one(Department, department.id).key == "made-twice"
        with shared_session() as session:
            assert session.scalar(text("SELECT count(*) FROM city WHERE key = 'tachikawa'")) == 1
    finally:
        with city_session("tachikawa") as session:
            session.delete(session.get_one(Department, department.id))


def test_setting_the_roles_up_again_changes_nothing(database: None) -> None:
    def privileges() -> list[Any]:
        with owner_engine().connect() as connection:
            members = text(
                "SELECT pg_get_userbyid(member) m, pg_get_userbyid(roleid) r FROM pg_auth_members"
                " WHERE pg_get_userbyid(roleid) LIKE ANY (ARRAY['city%', 'madoguchi%']) ORDER BY 1, 2"
            )
            schemas = text(
                "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname LIKE ANY (ARRAY['city%', 'shared']) ORDER BY 1"
            )
            return [*connection.execute(members), *connection.execute(schemas)]

    migrate.upgrade_shared()
    before = privileges()
    assert len(before) >= 8
    migrate.upgrade_shared()
    for key in migrate.upgrade_all():
        create_city(city(key))
    assert privileges() == before


def test_the_login_that_serves_inherits_nothing_and_owns_nothing() -> None:
    from portal.core.tenancy import login_role

    with owner_engine().connect() as connection:
        login = text(
            "SELECT rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = :name"
        )
        assert list(connection.execute(login, {"name": login_role()}).one()) == [False] * 5
        owned = text(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = :name OR pg_get_userbyid(relowner) LIKE 'city%'"
        )
        assert connection.scalar(owned, {"name": login_role()}) == 0
        cities = text(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'city%' AND (rolcanlogin OR rolsuper OR rolbypassrls)"
        )
        assert connection.scalars(cities).all() == []


def test_the_role_script_is_safe_to_repeat(database: None) -> None:
    from portal.core.cluster import cluster as module

    script = (Path(module.__file__).parent / "roles.sql").read_text()
    statements = [line for line in script.splitlines() if "CREATE ROLE" in line or "CREATE DATABASE" in line]
    assert statements
    assert all("SELECT '" in line for line in statements)
    extensions = re.findall(r"CREATE EXTENSION .*", script)
    assert extensions
    assert all("IF NOT EXISTS" in extension for extension in extensions)
