"""The job that has an uploaded file scanned. Without a scanner the file stays `waiting`, which keeps it closed to staff."""

from sqlalchemy import select, update

from portal.core.clock import now
from portal.core.database import city_session
from portal.core.jobs import RETRY, app
from portal.files.models import StoredFile
from portal.files.opening import content_of
from portal.files.scanner import is_configured, verdict_on


@app.task(name="files.scan", retry=RETRY)
def scan(*, city: str, file_id: int) -> None:
    """Ask the scanner and keep its verdict. Raises ScannerAway when it does not answer: the job then comes again."""
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
