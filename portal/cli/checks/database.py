"""Checks of the database: does it answer, are the logins as weak as they must be, is every schema of this version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from portal.cli.checks.finding import Check, Finding

if TYPE_CHECKING:
    from sqlalchemy import Connection

RUN_INIT = "run madoguchi init"
START = "run madoguchi db up (scripts/server does so automatically)"
ROLES = "let an administrator run portal/core/cluster/roles.sql again"

_VERSION = 'SELECT version_num FROM "{}".alembic_version'
_RIGHTS = """
SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS powerful, rolinherit AS inherits,
       EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns
  FROM pg_roles WHERE rolname = current_user
"""


def database() -> Finding:
    """The server answers, and has PostGIS."""
    from sqlalchemy import text

    from portal.core.cluster import Cluster
    from portal.core.config import settings

    if not settings().database_url:
        status = Cluster(settings().instance_path).status()
        if not status.made:
            return Finding("database", "problem", "there is no private cluster yet", RUN_INIT)
        if not status.running:
            return Finding("database", "problem", f"the private cluster in {status.data} does not run", START)
    from portal.core.database import engine

    with engine().connect() as connection:
        version = connection.scalar(text("SHOW server_version"))
        extensions = {
            str(name): str(number)
            for name, number in connection.execute(text("SELECT extname, extversion FROM pg_extension"))
        }
    missing = {"postgis", "btree_gist"} - extensions.keys()
    if missing:
        return Finding("database", "problem", "extensions missing: " + ", ".join(sorted(missing)), ROLES)
    return Finding("database", "ok", f"PostgreSQL {version}, PostGIS {extensions['postgis']}")


def serving_login() -> Finding:
    """The login that serves requests owns nothing and inherits nothing, so a forgotten city means "permission denied"."""
    from sqlalchemy import text

    refuse_stopped()
    from portal.core.database import engine

    with engine().connect() as connection:
        powerful, inherits, owns = connection.execute(text(_RIGHTS)).one()
        name = connection.scalar(text("SELECT current_user"))
    wrong = [
        problem
        for problem, is_so in (
            ("may create or bypass", powerful),
            ("inherits the roles of cities", inherits),
            ("owns tables", owns),
        )
        if is_so
    ]
    if wrong:
        return Finding("serving login", "problem", f"{name} {', '.join(wrong)}", ROLES)
    return Finding("serving login", "ok", f"{name} owns and inherits nothing")


def schemas() -> Finding:
    """The shared schema and every city's are at the newest migration."""
    from alembic.script import ScriptDirectory
    from sqlalchemy import text

    from portal.core.database import JOBS_ROLE, SHARED_SCHEMA, schema_of
    from portal.core.migrate import MIGRATIONS

    heads = {name: ScriptDirectory(str(MIGRATIONS / name)).get_current_head() for name in ("shared", "city")}
    with _acting_as(JOBS_ROLE) as connection:
        if connection is None:
            return Finding("schemas", "problem", "the shared schema is not there", RUN_INIT)
        keys = [str(key) for key in connection.scalars(text(f'SELECT key FROM "{SHARED_SCHEMA}".city'))]  # noqa: S608 - a constant
        at = {SHARED_SCHEMA: connection.scalar(text(_VERSION.format(SHARED_SCHEMA)))}
    for schema in map(schema_of, keys):
        with _acting_as(schema) as connection:
            at[schema] = connection and connection.scalar(text(_VERSION.format(schema)))
    behind = [
        schema for schema, revision in at.items() if revision != heads["shared" if schema == SHARED_SCHEMA else "city"]
    ]
    if behind:
        return Finding("schemas", "problem", "not of this version: " + ", ".join(behind), RUN_INIT)
    if not keys:
        return Finding("schemas", "advice", "no city yet", "run madoguchi city create, or madoguchi demo to try it out")
    return Finding("schemas", "ok", f"shared and {len(keys)} cities at {heads['city']}")


def worker() -> Finding:
    """A worker showed a sign of life within the last minute, and no job gave up."""
    from sqlalchemy import text

    from portal.core.database import JOBS_ROLE, SHARED_SCHEMA

    with _acting_as(JOBS_ROLE) as connection:
        if connection is None:
            return Finding("worker", "problem", "there is no job queue", RUN_INIT)
        connection.exec_driver_sql(f'SET LOCAL search_path = "{SHARED_SCHEMA}"')
        alive = connection.scalar(
            text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'")
        )
        failed = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))
    if failed:
        return Finding(
            "worker", "advice", f"{failed} jobs gave up", "read the worker's log, fix the cause, and queue them again"
        )
    if not alive:
        return Finding(
            "worker", "advice", "no worker runs; mail and payments wait", "run madoguchi worker as a service"
        )
    return Finding("worker", "ok", f"{alive} running")


def sealed_data() -> Finding:
    """The keys of this instance open what is stored in the database."""
    from portal.cli.fitting_keys import unfitting_city, what_is_wrong

    refuse_stopped()
    city = unfitting_city()
    if city is not None:
        return Finding("sealed data", "problem", what_is_wrong(city), "put the folder keys back from its backup")
    return Finding("sealed data", "ok", "the keys open it")


@contextmanager
def _acting_as(role: str) -> "Iterator[Connection | None]":
    """A transaction of the serving login in a role; None when that role is not there. Never starts the private cluster."""
    from sqlalchemy import text

    refuse_stopped()
    from portal.core.database import engine

    with engine().begin() as connection:
        role_exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
        if role_exists:
            connection.execute(text("SELECT set_config('role', :role, true)"), {"role": role})
        yield connection if role_exists else None


def refuse_stopped() -> None:
    """A check must not start the private cluster by connecting to it."""
    from portal.core.cluster import Cluster
    from portal.core.config import settings

    if not settings().database_url and not Cluster(settings().instance_path).status().running:
        raise LookupError("the database does not run")


DATABASE_CHECKS: tuple[Check, ...] = (database, serving_login, schemas, sealed_data, worker)
