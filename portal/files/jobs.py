"""The jobs that have uploaded files scanned. A file stays `waiting`, and closed to staff, until the scanner gave a verdict: the scan is
retried whether the scanner was unavailable for hours or was set up long after the upload.
"""

import io
import logging
from datetime import timedelta
from functools import partial

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import RETRY, app, enqueue, periodic
from portal.core.rounds import for_each_city_session
from portal.files.models import StoredFile
from portal.files.opening import read_content
from portal.files.scanner import ScannerUnavailable, is_available, is_configured, scan_stream

log = logging.getLogger("portal.files")

_MAX_WAIT = 900  # seconds
_LOG_EVERY = 12
"""While the scanner is unavailable, a job logs one in so many attempts: four an hour at first, then one in three hours."""
_BATCH = 500
_FRESH = timedelta(minutes=1)


class RetryUntilAnswered(BaseRetryStrategy):
    """Retries without end while the scanner is unavailable; any other failure is retried like that of every job."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, ScannerUnavailable):
            return RETRY.get_retry_decision(exception=exception, job=job)
        if job.attempts % _LOG_EVERY == 0:
            log.warning(
                "the scanner does not answer", extra={"fields": {"number": job.id, "attempt": job.attempts + 1}}
            )
        return RetryDecision(retry_in={"seconds": min(4 ** min(job.attempts + 1, 6), _MAX_WAIT)})


@app.task(name="files.scan", retry=RetryUntilAnswered())
def scan(*, city: str, file_id: int) -> None:
    """Scan a file and store the verdict. Raises ScannerUnavailable when the scanner does not answer: the job is then retried."""
    if not is_configured():
        return
    with city_session(city) as session:
        is_waiting = select(StoredFile.id).where(StoredFile.id == file_id, StoredFile.scan == "waiting")
        if session.scalar(is_waiting) is None:
            return
        content = read_content(session, file_id)
    verdict = scan_stream(
        io.BytesIO(content)
    )  # outside a transaction: it takes a while, and the draft may be sent meanwhile
    with city_session(city) as session:
        session.execute(
            update(StoredFile)
            .where(StoredFile.id == file_id, StoredFile.scan == "waiting")
            .values(scan=verdict, scanned_at=now())
        )


@periodic("* * * * *", "files.scan_all_waiting")
def scan_all_waiting() -> None:
    """Every minute, if a scanner answers: have files scanned that still wait, in every city. Without a scanner no database is queried."""
    if not is_available():
        return
    for_each_city_session(partial(scan_waiting, older_than=_FRESH))


def scan_waiting(session: Session, older_than: timedelta = timedelta(0)) -> int:
    """Enqueue scans of files that still wait, oldest first, up to `_BATCH`; return how many.

    A job that still waits for its next attempt finds nothing to do then.
    """
    criteria = (StoredFile.scan == "waiting", StoredFile.uploaded_at <= now() - older_than)
    waiting = session.scalars(select(StoredFile.id).where(*criteria).order_by(StoredFile.id).limit(_BATCH)).all()
    for file_id in waiting:
        enqueue(session, scan.name, key=f"scan now {file_id}", file_id=file_id)
    return len(waiting)
