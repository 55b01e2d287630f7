"""Connections and transactions. A transaction belongs to one city: its first statement takes on the city's role and schema,
for that transaction alone, so forgetting it gives "permission denied" and never another city's row.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.cluster import Cluster
from portal.core.config import settings

SHARED_SCHEMA = "shared"
SHARED_ROLE = "madoguchi_shared"
JOBS_ROLE = "madoguchi_jobs"

_KEY = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")
_ENTER = text("SELECT set_config('role', :role, true), set_config('search_path', :path, true)")


class TenantSession(Session):
    """A session that knows its tenant: `info["role"]` and `info["path"]` are set at the start of each transaction."""


@event.listens_for(TenantSession, "after_begin")
def _enter_tenant(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.execute(_ENTER, {"role": session.info["role"], "path": session.info["path"]})


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
        pool_pre_ping=True,
        pool_timeout=10,
        hide_parameters=True,  # they contain residents' data, and errors are logged
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c jit=off -c lock_timeout=10s"},
        **options,
    )


@cache
def engine() -> Engine:
    """The pool that serves requests and jobs, one for a process."""
    return _engine(urls()[0], pool_size=settings().database_pool, max_overflow=4)


@cache
def owner_engine() -> Engine:
    """The owner's connections, for migrations and `city create`; never used to serve a request."""
    return _engine(urls()[1], pool_size=1, max_overflow=2)


def close_connections() -> None:
    """Close the connections of this process, which is about to fork: no two processes may speak on the same one."""
    for pool in (engine, owner_engine):
        if pool.cache_info().currsize:
            pool().dispose()


def login_role() -> str:
    """The name of the login that serves requests."""
    return make_url(urls()[0]).username or "portal_app"


def open_city_session(city_key: str) -> TenantSession:
    """A session inside a city. The caller commits and closes; prefer `city_session`."""
    schema = schema_of(city_key)
    return TenantSession(
        engine(),
        info={"city": city_key, "role": schema, "path": f"{schema}, {SHARED_SCHEMA}, public"},
        expire_on_commit=False,
    )


@contextmanager
def city_session(city_key: str) -> Iterator[Session]:
    """One transaction inside a city: committed at the end of the block, rolled back on an error."""
    with open_city_session(city_key) as session, session.begin():
        yield session


@contextmanager
def shared_session() -> Iterator[Session]:
    """One transaction outside any city; sees the list of cities and nothing of theirs."""
    info = {"city": None, "role": SHARED_ROLE, "path": f"{SHARED_SCHEMA}, public"}
    with TenantSession(engine(), info=info, expire_on_commit=False) as session, session.begin():
        yield session


def city_of(session: Session) -> str:
    """The key of the city that a session works in. Raises LookupError outside any city."""
    key = session.info.get("city")
    if not isinstance(key, str):
        raise LookupError("this session works outside any city")
    return key
