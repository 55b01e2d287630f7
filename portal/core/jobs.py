"""Background jobs in the same database: a job is a row of the transaction that asked for it, so it exists exactly when that commits."""

from contextlib import nullcontext, suppress

import procrastinate
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from portal.core.database import JOBS_ROLE, SHARED_SCHEMA, city_of, urls

RETRY = procrastinate.RetryStrategy(max_attempts=6, exponential_wait=4)
"""Waits 4, 16, 64, 256, 1024 and 4096 seconds: an outside service may be away for an hour."""

app = procrastinate.App(connector=PsycopgConnector())
"""Capabilities register tasks on this with `@app.task(name="…", retry=RETRY)`; arguments are `city` and ids, never personal data."""


def worker_app() -> procrastinate.App:
    """The app with a connector that takes on the queue's role; only the worker opens it."""
    conninfo = urls()[0].replace("postgresql+psycopg://", "postgresql://", 1)
    options = f"-c role={JOBS_ROLE} -c search_path={SHARED_SCHEMA},public"
    return app.with_connector(PsycopgConnector(conninfo=conninfo, kwargs={"options": options}))


def enqueue(session: Session, task: str, *, lock: str | None = None, key: str | None = None, **ids: int | str) -> None:
    """Ask for a job inside the session's transaction; the city is added to its arguments.

    `lock`: jobs of the same lock run one after another. `key`: while a job of that key waits, a second one is not added.
    Raises procrastinate's TaskNotFound for a task nobody registered.
    """
    city = city_of(session)
    # A clash of keys aborts the transaction, so such a job is added under a savepoint.
    with suppress(AlreadyEnqueued), session.begin_nested() if key else nullcontext():
        app.configure_task(
            task,
            allow_unknown=False,
            connection=session.connection().connection.driver_connection,
            lock=f"{city}:{lock}" if lock else None,
            queueing_lock=f"{city}:{key}" if key else None,
        ).defer(city=city, **ids)
