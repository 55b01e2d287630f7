"""Background jobs in the same database: a job is a row of the transaction that enqueued it, so it exists exactly when that commits."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from typing import TypeVar

import procrastinate
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, TaskNotFound
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from procrastinate.tasks import configure_task
from sqlalchemy.orm import Session

from portal.core.database import JOBS_ROLE, SHARED_SCHEMA, city_of, ensure_running, urls

log = logging.getLogger("portal.jobs")
RETRIES = 6
T = TypeVar("T")


class _Retry(procrastinate.RetryStrategy):
    """Retries, and logs each failure as a warning: procrastinate itself logs only the last one, as an error."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        decision = super().get_retry_decision(exception=exception, job=job)
        if decision is not None and decision.retry_at is not None:
            fields = {
                "job": job.task_name,
                "number": job.id,
                "city": job.task_kwargs.get("city", "-"),
                "attempt": f"{job.attempts + 1}/{RETRIES + 1}",
                "retry_at": decision.retry_at.astimezone(UTC).isoformat(timespec="seconds"),
                "error": type(exception).__name__,
            }
            log.warning("a job failed and will be tried again", extra={"fields": fields})
        return decision


RETRY = _Retry(max_attempts=RETRIES, exponential_wait=4)
"""Waits 4, 16, 64, 256, 1024 and 4096 seconds: an outside service may be away for an hour."""

STALLED_SECONDS = 30

_adding = JobManager(SyncPsycopgConnector())
"""Adds jobs on the session's own connection. Never opened; it is not the app's, which in a worker writes asynchronously."""

app = procrastinate.App(connector=PsycopgConnector())
"""Capabilities register tasks on this with `@app.task(name="…", retry=RETRY)`; arguments are `city` and ids, never personal data."""


def periodic(cron: str, name: str, *, former: str | None = None) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Register a job that runs at the times of `cron` (UTC); while a run waits, a second one is not added.

    `former` is its name in an older version, under which a run may still wait.
    procrastinate passes the moment a run is due; our rounds go by the city's clock when they run, and take nothing.
    """

    def register(job: Callable[[], T]) -> Callable[[], T]:
        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, aliases=[former] if former else None)
        def run(timestamp: int) -> T:  # noqa: ARG001 - procrastinate's signature
            return job()

        return job

    return register


@contextmanager
def worker_app() -> Iterator[procrastinate.App]:
    """The app with a connector that takes on the queue's role; only the worker opens it."""
    ensure_running()  # nothing else starts a private cluster that was killed
    conninfo = urls()[0].replace("postgresql+psycopg://", "postgresql://", 1)
    options = f"-c role={JOBS_ROLE} -c search_path={SHARED_SCHEMA},public"
    with app.replace_connector(PsycopgConnector(conninfo=conninfo, kwargs={"options": options})) as opened:
        yield opened


@periodic("* * * * *", "core.retry_stalled")
async def retry_stalled() -> None:
    """Requeue the jobs of a worker that died: without this they, and every job of the same lock, would wait indefinitely."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await app.job_manager.retry_job(job)


@periodic("41 3 * * *", "core.forget_finished")
async def forget_finished() -> None:
    """Delete jobs that succeeded more than three days ago; failed ones are kept for the operator."""
    await app.job_manager.delete_old_jobs(nb_hours=72)


def enqueue(
    session: Session,
    task: str,
    *,
    lock: str | None = None,
    key: str | None = None,
    at: datetime | None = None,
    **ids: int | str,
) -> None:
    """Enqueue a job inside the session's transaction; the city is added to its arguments.

    `at`: not before that moment. `lock`: jobs of the same lock run one after another. `key`: while a job of that key waits, a second one is not added.
    Raises procrastinate's TaskNotFound for a task that is not registered.
    """
    if task not in app.tasks:
        raise TaskNotFound(task)
    city = city_of(session)
    # A clash of keys aborts the transaction, so such a job is added under a savepoint.
    with suppress(AlreadyEnqueued), session.begin_nested() if key else nullcontext():
        configure_task(
            name=task,
            job_manager=_adding,
            connection=session.connection().connection.driver_connection,
            lock=f"{city}:{lock}" if lock else None,
            queueing_lock=f"{city}:{key}" if key else None,
            schedule_at=at,
        ).defer(city=city, **ids)
