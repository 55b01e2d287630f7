"""Connections and transactions. A transaction belongs to one city: it opens by taking on the city's role and schema, for that
transaction alone, so forgetting it gives "permission denied" and never another city's row.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, cast

import psycopg
from psycopg import _queries
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.cluster import Cluster
from portal.core.config import settings

SHARED_SCHEMA = "shared"
SHARED_ROLE = "madoguchi_shared"
JOBS_ROLE = "madoguchi_jobs"

_KEY = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384
"""Characters up to which the driver keeps what it parsed of a statement. It has no setting for that and parses longer ones each time,
which for those about a drawn place is a tenth of the answer.
"""
OPENING = "opening"
"""The execution option of an engine that says with which words its transactions open."""


def schema_of(city_key: str) -> str:
    """The schema, and the role of the same name, of a city. Raises ValueError for anything but a plain key."""
    if not _KEY.match(city_key):
        raise ValueError(f"not a city key: {city_key!r}")
    return "city_" + city_key.replace("-", "_")


def private_cluster() -> Cluster:
    """The private cluster of this installation, with its archive; this neither creates nor starts it."""
    return Cluster(settings().instance_path, archive=settings().wal_archive_path)


@cache
def urls() -> tuple[str, str]:
    """SQLAlchemy URLs (login that serves, login that owns); starts the private cluster when none is configured."""
    chosen = settings()
    if chosen.database_url:
        return chosen.database_url, chosen.database_owner_url or chosen.database_url
    dsns = private_cluster().up()
    return dsns.app_url, dsns.owner_url


def ensure_running() -> None:
    """Start the private cluster if it has stopped; an external database is left alone. Raises ClusterError."""
    if not settings().database_url and not private_cluster().status().running:
        private_cluster().up()


def _engine(url: str, **options: Any) -> Engine:
    return create_engine(
        url,
        pool_timeout=10,
        hide_parameters=True,  # they contain residents' data, and errors are logged
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c jit=off -c lock_timeout=10s"},
        **options,
    )


@cache
def engine() -> Engine:
    """The pool that serves requests and jobs, one for a process."""
    pool = _engine(urls()[0], pool_size=settings().database_pool, max_overflow=4)
    event.listen(pool, "engine_connect", _open_transaction)
    return pool


def _open_transaction(connection: Connection) -> None:
    """Begin a transaction and enter its tenant, in one exchange with the database.

    These are the first words on a connection since it lay in the pool. One that died there is replaced now, when nothing can be lost
    yet, so none is sent ahead only to find out. Raises SQLAlchemy's errors, which everything that meets an outage knows.
    """
    opening = connection.get_execution_options().get(OPENING, "BEGIN")
    try:
        if not _heard(connection, opening):
            connection.invalidate()
            connection.engine.dispose()  # what lies in the pool was opened before, and is as dead
            if not _heard(connection, opening):
                raise psycopg.OperationalError("the database ends each connection at once")
    except psycopg.Error as error:
        # the words themselves are not told: they name a session
        raise DBAPIError.instance("BEGIN", None, error, psycopg.Error, dialect=connection.dialect) from error


def _heard(connection: Connection, words: str) -> bool:
    """Say these words to the database; False on a connection that has died. Raises psycopg's error when they are refused."""
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        # Past the driver's cursors, which would send a BEGIN of their own first; they see that a transaction is open, and do not.
        answer = driver.pgconn.exec_(words.encode())
    except psycopg.OperationalError:
        return False
    if answer.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return True
    if driver.closed:
        return False
    raise error_from_result(answer)


@cache
def owner_engine() -> Engine:
    """The owner's connections, for migrations and `city create`; never used to serve a request."""
    return _engine(urls()[1], pool_size=1, max_overflow=2, pool_pre_ping=True)


def close_connections() -> None:
    """Close the connections of this process, which is about to fork: no two processes may speak on the same one."""
    for pool in (engine, owner_engine):
        if pool.cache_info().currsize:
            pool().dispose()


def login_role() -> str:
    """The name of the login that serves requests."""
    return make_url(urls()[0]).username or "portal_app"


def open_city_session(city_key: str) -> Session:
    """A session inside a city. The caller commits and closes; prefer `city_session`."""
    schema = schema_of(city_key)
    return _session(schema, f"{schema}, {SHARED_SCHEMA}, public", city=city_key)


def _session(role: str, path: str, *, city: str | None) -> Session:
    """A session whose transactions open in a role with a search path; neither has a quote in it."""
    opening = f"BEGIN; SELECT set_config('role', '{role}', true), set_config('search_path', '{path}', true)"
    return Session(_tenant(engine(), opening), info={"city": city}, expire_on_commit=False)


@lru_cache(maxsize=1_000)
def _tenant(pool: Engine, opening: str) -> Engine:
    """The pool with the words by which transactions of a tenant open: one object for each, by which others may know the tenant."""
    return pool.execution_options(**{OPENING: opening})


_at_work: ContextVar[str | None] = ContextVar("city_at_work", default=None)


@contextmanager
def city_session(city_key: str) -> Iterator[Session]:
    """One transaction inside a city: committed at the end of the block, rolled back on an error."""
    entered = _at_work.set(city_key)
    try:
        with open_city_session(city_key) as session, session.begin():
            yield session
    finally:
        _at_work.reset(entered)


def city_at_work() -> str | None:
    """The key of the city in whose `city_session` this is done; None outside any."""
    return _at_work.get()


@contextmanager
def shared_session() -> Iterator[Session]:
    """One transaction outside any city; sees the list of cities and nothing of theirs."""
    with _session(SHARED_ROLE, f"{SHARED_SCHEMA}, public", city=None) as session, session.begin():
        yield session


def city_of(session: Session) -> str:
    """The key of the city that a session works in. Raises LookupError outside any city."""
    key = session.info.get("city")
    if not isinstance(key, str):
        raise LookupError("this session works outside any city")
    return key


def plan_with_values(session: Session) -> None:
    """Let PostgreSQL plan the statements of this transaction each time for their values, which a plan that is kept for all cannot know.

    For statements of which the values decide the way, as the size of a piece of ground does.
    """
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
