"""The jobs that have uploaded files scanned. Without a verdict a file stays `waiting`, which keeps it closed to staff: it is asked for
again until there is one, whether the scanner was away for hours or was set up long after the file came.
"""

import logging
from datetime import timedelta
from functools import partial

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import RETRY, app, enqueue
from portal.core.rounds import in_every_session
from portal.files.models import StoredFile
from portal.files.opening import content_of
from portal.files.scanner import ScannerUnavailable, is_configured, is_there, verdict_on

log = logging.getLogger("portal.files")

_MAX_WAIT = 900
_LOG_EVERY = 12
"""Of a scanner that is away one job in so many tries writes a line: four an hour at first, then one in three hours."""
_BATCH = 500
_FRESH = timedelta(minutes=1)


class _UntilAnswered(BaseRetryStrategy):
    """A scanner that is away is asked for again however long it takes; any other failure is tried like that of every job."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, ScannerUnavailable):
            return RETRY.get_retry_decision(exception=exception, job=job)
        if job.attempts % _LOG_EVERY == 0:
            log.warning(
                "the scanner does not answer", extra={"fields": {"number": job.id, "attempt": job.attempts + 1}}
            )
        return RetryDecision(retry_in={"seconds": min(4 ** min(job.attempts + 1, 6), _MAX_WAIT)})


@app.task(name="files.scan", retry=_UntilAnswered())
def scan(*, city: str, file_id: int) -> None:
    """Ask the scanner and keep its verdict. Raises ScannerUnavailable when it does not answer: the job then comes again."""
    if not is_configured():
        return
    with city_session(city) as session:
        waits = select(StoredFile.id).where(StoredFile.id == file_id, StoredFile.scan == "waiting")
        if session.scalar(waits) is None:
            return
        content = content_of(session, file_id)
    verdict = verdict_on(content)  # outside a transaction: it takes a while, and the draft may be sent meanwhile
    with city_session(city) as session:
        session.execute(
            update(StoredFile)
            .where(StoredFile.id == file_id, StoredFile.scan == "waiting")
            .values(scan=verdict, scanned_at=now())
        )


@app.periodic(cron="* * * * *")
@app.task(name="files.scan_all_waiting", queueing_lock="files.scan_all_waiting")
def scan_all_waiting(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """As soon as a scanner answers, have scanned what met none, in every city; without a scanner nothing is asked of the database."""
    if not is_there():
        return
    in_every_session(partial(scan_waiting, older_than=_FRESH))


def scan_waiting(session: Session, older_than: timedelta = timedelta(0)) -> int:
    """Ask at once for files that still wait, the oldest first, some hundreds at a time; how many. A job that still sleeps until its
    next try finds nothing to do when it wakes.
    """
    which = (StoredFile.scan == "waiting", StoredFile.uploaded_at <= now() - older_than)
    waiting = session.scalars(select(StoredFile.id).where(*which).order_by(StoredFile.id).limit(_BATCH)).all()
    for file_id in waiting:
        enqueue(session, scan.name, key=f"scan now {file_id}", file_id=file_id)
    return len(waiting)
